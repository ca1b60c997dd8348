// Streamlit tells of a server that is away in English, and in words for whoever programs it, also
// where the server is there and only refuses who is signed out. Its window is told in the reader's
// words; it goes by itself once the page is connected again.
(() => {
  const LOOK_EVERY = 2000; // milliseconds
  const isSignedOut = async () => {
    const answer = await fetch("_stcore/host-config", { cache: "no-store" }).catch(() => null);
    return answer?.status === 401;
  };
  const follow = async (head, what, way) => {
    const { away, signedOut } = globalThis.minutesAway;
    const told = (await isSignedOut()) ? signedOut : away;
    head.textContent = told.title;
    what.textContent = told.text;
    way.textContent = told.link ?? "";
    const here = encodeURIComponent(location.pathname + location.search);
    way.href = `sign-in?next=${here}`;
    if (head.isConnected) setTimeout(follow, LOOK_EVERY, head, what, way);
  };
  const tell = () => {
    const head = document.querySelector('[data-testid="stDialog"] h2');
    if (head?.textContent !== "Connection error") return;
    const { away } = globalThis.minutesAway;
    head.textContent = away.title;
    // Hidden, not removed: they belong to React.
    for (const theirs of head.nextElementSibling.children) theirs.style.display = "none";
    const what = Object.assign(document.createElement("p"), { textContent: away.text });
    const way = document.createElement("a");
    way.style.cssText = "color: inherit; font-weight: 600; text-decoration: underline";
    what.style.wordBreak = "keep-all"; // Korean breaks between words
    head.nextElementSibling.append(what, way);
    follow(head, what, way);
  };
  globalThis.minutesAway = AWAY;
  globalThis.minutesAwayWatch ??= new MutationObserver(tell);
  globalThis.minutesAwayWatch.observe(document.body, { childList: true });
})();
