// Streamlit tells of a server that is away in English, and in words for whoever programs it. Its window
// is told in the reader's words; it goes by itself once the server is back.
(() => {
  const tell = () => {
    const head = document.querySelector('[data-testid="stDialog"] h2');
    const { title, text } = globalThis.minutesAway;
    if (head?.textContent !== "Connection error") return;
    head.textContent = title;
    // Hidden, not removed: they belong to React.
    for (const theirs of head.nextElementSibling.children) theirs.style.display = "none";
    const ours = Object.assign(document.createElement("p"), { textContent: text });
    ours.style.wordBreak = "keep-all"; // Korean breaks between words
    head.nextElementSibling.append(ours);
  };
  globalThis.minutesAway = AWAY;
  globalThis.minutesAwayWatch ??= new MutationObserver(tell);
  globalThis.minutesAwayWatch.observe(document.body, { childList: true });
})();
