// The transcript: search, click a line to hear it, the line that sounds is marked. Links that other
// parts of the page make as "#u=12" lead to utterance 12. User text goes through textContent only.
const states = new WeakMap();
const NUMBER = 0, START = 1, SPEAKER = 3, TEXT = 4;

export default function ({ parentElement, data: [data] }) {
  const root = parentElement.querySelector(".player");
  let state = states.get(root);
  if (!state) {
    state = { rows: [], lines: [], current: -1 };
    states.set(root, state);
    build(root, state);
  }
  state.data = data;
  label(state);
  if (state.version !== data.version) {
    state.version = data.version;
    load(state);
  }
  const follow = (event) => {
    const link = event.composedPath().find((one) => one.tagName === "A" && one.getAttribute("href")?.startsWith("#u="));
    if (!link) return;
    event.preventDefault();
    event.stopPropagation();
    go(state, Number(link.getAttribute("href").slice(3)), true);
  };
  if (state.follow) document.removeEventListener("click", state.follow, true);
  state.follow = follow;
  document.addEventListener("click", follow, true);
  return () => document.removeEventListener("click", follow, true);
}

function element(name, parts = {}, ...children) {
  const made = document.createElement(name);
  Object.assign(made, parts);
  made.append(...children);
  return made;
}

function build(root, state) {
  const audio = element("audio", { controls: true, preload: "metadata" });
  audio.addEventListener("play", () => document.dispatchEvent(new CustomEvent("minutes-sound", { detail: audio })));
  document.addEventListener("minutes-sound", (event) => { if (event.detail !== audio) audio.pause(); });
  const search = element("input", { type: "search", className: "search" });
  const count = element("span", { className: "count" });
  count.setAttribute("role", "status");
  const list = element("ol", { className: "lines" });
  const word = element("p", { className: "word" });
  Object.assign(state, { root, audio, search, count, list, word });
  root.append(audio, element("div", { className: "bar" }, search, count), word, list);
  list.onclick = (event) => { const row = event.target.closest("li"); if (row && !String(getSelection())) hear(state, row.index); };
  list.onkeydown = (event) => {
    const row = event.target.closest("li");
    if (!row) return;
    if (event.key === "Enter" || event.key === " ") { event.preventDefault(); hear(state, row.index); }
    const other = { ArrowDown: row.nextElementSibling, ArrowUp: row.previousElementSibling }[event.key];
    if (other) { event.preventDefault(); other.focus(); }
  };
  audio.ontimeupdate = audio.onseeked = () => mark(state);
  let waiting;
  search.oninput = () => { clearTimeout(waiting); waiting = setTimeout(() => filter(state), 120); };
}

function label(state) {
  const { texts, sound } = state.data;
  state.search.placeholder = texts.search;
  state.search.setAttribute("aria-label", texts.search);
  state.list.setAttribute("aria-label", texts.lines);
  state.audio.hidden = !sound;
  if (sound && state.audio.dataset.src !== sound) { state.audio.dataset.src = sound; state.audio.src = sound; }
  state.root.classList.toggle("sounding", Boolean(sound));
}

async function load(state) {
  const { lines, texts } = state.data;
  state.word.textContent = texts.loading;
  try {
    const answer = await fetch(lines);
    const told = await answer.json();
    if (!answer.ok) throw new Error(told.error);
    state.lines = told.lines;
    state.word.textContent = told.lines.length ? "" : texts.none;
  } catch (error) {
    state.version = null;
    state.word.textContent = error.message || texts.lost;
    return;
  }
  state.rows = state.lines.map((line, index) => row(line, index));
  state.byNumber = new Map(state.lines.map((line, index) => [line[NUMBER], index]));
  state.current = -1;
  filter(state);
  if (state.data.line) go(state, state.data.line, false);
}

function row(line, index) {
  const made = element("li", { tabIndex: 0, index });
  const time = line[START] == null ? `#${line[NUMBER]}` : clock(line[START]);
  made.append(element("time", { textContent: time }));
  const said = element("div", { className: "said" });
  if (line[SPEAKER]) said.append(element("b", { textContent: line[SPEAKER] }));
  said.append(element("span", { textContent: line[TEXT] }));
  made.append(said);
  return made;
}

function filter(state) {
  const words = state.search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = !words.length ? state.rows : state.rows.filter((_, index) => {
    const text = `${state.lines[index][SPEAKER] || ""} ${state.lines[index][TEXT]}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  state.list.replaceChildren(...shown);
  state.count.textContent = words.length ? state.data.texts.found.replace("%", shown.length) : "";
}

function hear(state, index) {
  const start = state.lines[index]?.[START];
  if (!state.data.sound || start == null) { show(state, index); return; }
  state.audio.currentTime = start;
  state.audio.play().catch(() => {});
  show(state, index);
}

function go(state, number, sounding) {
  const index = state.byNumber?.get(number);
  if (index == null) return;
  if (state.search.value) { state.search.value = ""; filter(state); }
  if (sounding) hear(state, index); else show(state, index);
  const top = state.root.getBoundingClientRect();
  scroll(state, state.rows[index], true);
  // On a narrow page the player is below the minutes: bring the line itself into view.
  if (top.top > innerHeight - 160 || top.bottom < 80) state.root.scrollIntoView({ block: "start" });
}

function mark(state) {
  const at = state.audio.currentTime + 0.05;
  let found = -1;
  for (let low = 0, high = state.lines.length - 1; low <= high;) {
    const middle = (low + high) >> 1;
    if ((state.lines[middle][START] ?? Infinity) <= at) { found = middle; low = middle + 1; } else high = middle - 1;
  }
  if (found >= 0 && found !== state.current) {
    show(state, found);
    if (!state.audio.paused) scroll(state, state.rows[found], false);
  }
}

function show(state, index) {
  state.rows[state.current]?.removeAttribute("aria-current");
  state.current = index;
  state.rows[index]?.setAttribute("aria-current", "true");
}

function scroll(state, made, centred) {
  const list = state.list.getBoundingClientRect(), place = made.getBoundingClientRect();
  if (!centred && place.top >= list.top && place.bottom <= list.bottom) return;
  state.list.scrollTop += place.top - list.top - list.height / 3;
}

function clock(seconds) {
  const whole = Math.floor(seconds), two = (count) => String(count).padStart(2, "0");
  const hours = Math.floor(whole / 3600), minutes = Math.floor(whole / 60) % 60;
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${two(minutes)}:${two(whole % 60)}`;
}
