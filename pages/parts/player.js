// The transcript: search, click a line to hear it, the line that sounds is marked. Links that other
// parts of the page make as "#u=12" lead to utterance 12. User text goes through textContent only.
const states = new WeakMap();
const NUMBER = 0, START = 1, SPEAKER = 3, TEXT = 4, PIECES = 5;

export default function ({ parentElement, data: [data], setTriggerValue }) {
  const root = parentElement.querySelector(".player");
  let state = states.get(root);
  if (!state) {
    state = { rows: [], lines: [], current: -1 };
    states.set(root, state);
    build(root, state);
  }
  state.data = data;
  state.edit = (number) => setTriggerValue("edit", number);
  label(state);
  const version = `${data.version} ${data.edited}`;
  if (state.version !== version) {
    state.version = version;
    load(state);
  }
  const follow = (event) => {
    const link = event.composedPath().find((one) => one.tagName === "A" && one.getAttribute("href")?.startsWith("#u="));
    if (!link) return;
    event.preventDefault();
    event.stopPropagation();
    state.from = link;
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
  const back = element("button", { type: "button", className: "back", hidden: true });
  back.onclick = () => returned(state);
  const list = element("ol", { className: "lines" });
  const word = element("p", { className: "word" });
  Object.assign(state, { root, audio, search, count, list, word, back });
  root.append(audio, element("div", { className: "bar" }, search, count, back), word, list);
  list.onclick = (event) => {
    const row = event.target.closest("li");
    if (!row) return;
    if (event.target.closest(".edit")) state.edit(state.lines[row.index][NUMBER]);
    else if (!String(getSelection())) hear(state, row.index);
  };
  list.onkeydown = (event) => {
    const row = event.target.closest("li");
    if (!row || event.target.closest(".edit")) return;
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
  state.back.textContent = texts.back;
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
  const again = state.job === state.data.version, top = state.list.scrollTop, current = state.current;
  state.job = state.data.version;
  state.rows = state.lines.map((line, index) => row(line, index, state.data.texts));
  state.byNumber = new Map(state.lines.map((line, index) => [line[NUMBER], index]));
  state.current = -1;
  filter(state);
  if (again) {  // a text was changed: the place stays
    show(state, current);
    state.list.scrollTop = top;
  } else if (asked && asked.lines === path(lines) && Date.now() - asked.at < KEPT) {
    go(state, asked.number, false);
  } else if (state.data.line) go(state, state.data.line, false);
}

const path = (address) => address.split("?")[0];

function row(line, index, texts) {
  const made = element("li", { tabIndex: 0, index });
  const time = line[START] == null ? `#${line[NUMBER]}` : clock(line[START]);
  made.append(element("time", { textContent: time }));
  const said = element("div", { className: "said" });
  if (line[SPEAKER]) said.append(element("b", { textContent: line[SPEAKER] }));
  said.append(element("span", {}, ...(line[PIECES] ? pieces(line[PIECES], texts) : [line[TEXT]])));
  const edit = element("button", { type: "button", className: "edit", title: texts.edit, textContent: "\u270e" });
  edit.setAttribute("aria-label", `${texts.edit} (${time})`);
  made.append(said, edit);
  return made;
}

// Changed words; what was heard is their title, and stands beside them while they have the focus
// (a finger has no title).
function pieces(told, texts) {
  return told.map(([text, heard]) => {
    if (heard == null) return text;
    const changed = element("mark", { textContent: text.trimEnd(), tabIndex: 0, title: `${texts.heard}: ${heard}` });
    changed.dataset.heard = heard;
    return element("span", {}, changed, text.slice(text.trimEnd().length));
  });
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

// The page may draw the player anew just as a place is pressed (a job ended): it is gone to again.
const KEPT = 5000;
let asked = null;

function go(state, number, sounding) {
  asked = { number, lines: path(state.data.lines), at: Date.now() };
  const index = state.byNumber?.get(number);
  if (index == null) return;
  if (state.search.value) { state.search.value = ""; filter(state); }
  if (sounding) hear(state, index); else show(state, index);
  const place = state.root.getBoundingClientRect();
  // On a narrow page the player is below the minutes: bring it into view first, then the line.
  const away = place.top > innerHeight - 160 || place.bottom < 80;
  if (away) state.root.scrollIntoView({ block: "start" });
  state.back.hidden = !(away && state.from);
  scroll(state, state.rows[index], true);
}

// Back to the words that led here.
function returned(state) {
  state.back.hidden = true;
  const link = state.from;
  state.from = null;
  if (!link?.isConnected) { scrollTo(0, 0); return; }
  link.scrollIntoView({ block: "center" });
  link.focus({ preventScroll: true });
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

// Lines out of sight have a guessed height, which becomes the true one as they come near: so the
// place is looked at again for some frames.
function scroll(state, made, centred, tries = 12) {
  const list = state.list.getBoundingClientRect(), place = made.getBoundingClientRect();
  if (!centred && place.top >= list.top && place.bottom <= list.bottom) return;
  state.list.scrollTop += place.top - list.top - list.height / 3;
  if (tries && made === state.rows[state.current]) requestAnimationFrame(() => scroll(state, made, centred, tries - 1));
}

function clock(seconds) {
  const whole = Math.floor(seconds), two = (count) => String(count).padStart(2, "0");
  const hours = Math.floor(whole / 3600), minutes = Math.floor(whole / 60) % 60;
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${two(minutes)}:${two(whole % 60)}`;
}
