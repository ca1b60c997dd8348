// The transcript: search, click a line to hear it, the line that sounds is marked. Links that other
// parts of the page make as "#u=12" lead to utterance 12. User text goes through textContent only.
// Lines that nobody said, as it seems, are one folded row a run; a click brings them back.
const states = new WeakMap();
const NUMBER = 0, START = 1, SPEAKER = 3, TEXT = 4, PIECES = 5;
const DOUBTED_TEXT = 2, REASON = 3, BROUGHT_BACK = 4;

export default function ({ parentElement, data: [data], setTriggerValue }) {
  const root = parentElement.querySelector(".player");
  let state = states.get(root);
  if (!state) {
    state = { rows: [], lines: [], order: [], unfolded: new Set(), current: -1 };
    states.set(root, state);
    build(root, state);
  }
  state.data = data;
  state.edit = (number) => setTriggerValue("edit", number);
  state.decide = (numbers, said) => { state.decided = numbers[0]; setTriggerValue("doubt", { numbers, said }); };
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
    const row = event.target.closest(".lines > li");
    if (!row || row.classList.contains("doubted")) return;
    if (event.target.closest(".edit")) state.edit(state.lines[row.index][NUMBER]);
    else if (event.target.closest(".again")) state.decide([state.lines[row.index][NUMBER]], false);
    else if (!String(getSelection())) hear(state, row.index);
  };
  list.onkeydown = (event) => {
    const row = event.target.closest(".lines > li");
    if (!row || event.target.closest(".edit, .again")) return;
    const folded = row.classList.contains("doubted");
    if (!folded && (event.key === "Enter" || event.key === " ")) { event.preventDefault(); hear(state, row.index); }
    const other = { ArrowDown: row.nextElementSibling, ArrowUp: row.previousElementSibling }[event.key];
    if (other) { event.preventDefault(); focusOn(other); }
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
    state.doubted = told.doubted || [];
    const folded = state.doubted.some((one) => !one[BROUGHT_BACK]);
    state.word.textContent = told.lines.length ? "" : folded ? texts.none_left : texts.none;
  } catch (error) {
    state.version = null;
    state.word.textContent = error.message || texts.lost;
    return;
  }
  const again = state.job === state.data.version, top = state.list.scrollTop, current = state.current;
  state.job = state.data.version;
  const back = new Set(state.doubted.filter((one) => one[BROUGHT_BACK]).map((one) => one[NUMBER]));
  state.rows = state.lines.map((line, index) => row(line, index, state.data.texts, back.has(line[NUMBER])));
  state.byNumber = new Map(state.lines.map((line, index) => [line[NUMBER], index]));
  if (!again) state.unfolded.clear();
  arrange(state);
  state.current = -1;
  filter(state);
  if (again) {  // a text was changed: the place stays
    show(state, current);
    state.list.scrollTop = top;
    if (state.decided != null) focusOn(state.rows[state.byNumber.get(state.decided)] || state.folds.get(state.decided));
    state.decided = null;
  } else if (asked && asked.lines === path(lines) && Date.now() - asked.at < KEPT) {
    go(state, asked.number, false);
  } else if (state.data.line) go(state, state.data.line, false);
}

const path = (address) => address.split("?")[0];

// All rows in the order of the recording, with the runs of hidden lines between them.
function arrange(state) {
  state.folds = new Map();
  state.order = [];
  const hidden = state.doubted.filter((one) => !one[BROUGHT_BACK]);
  let at = 0;
  for (const made of [...state.rows, null]) {
    const until = made ? state.lines[made.index][NUMBER] : Infinity, run = [];
    while (at < hidden.length && hidden[at][NUMBER] < until) run.push(hidden[at++]);
    if (run.length) {
      const folded = fold(state, run);
      run.forEach((one) => state.folds.set(one[NUMBER], folded));
      state.order.push(folded);
    }
    if (made) state.order.push(made);
  }
}

// A run of hidden lines: one row that says how many and why, and shows them when it is pressed.
function fold(state, run) {
  const { texts } = state.data, numbers = run.map((one) => one[NUMBER]);
  const reasons = [...new Set(run.map((one) => one[REASON]))];
  const why = (reason) => texts.reasons[reason] || texts.reasons.mixed;
  const title = (run.length === 1 ? texts.hidden_one : texts.hidden_many)
    .replace("%", run.length).replace("$", () => why(reasons.length === 1 ? reasons[0] : "mixed"));
  const made = element("li", { className: "doubted" });
  const button = element("button", { type: "button", className: "fold", textContent: title });
  const inner = element("ul", {}, ...run.map((one) => {
    const time = element("time", { textContent: one[START] == null ? `#${one[NUMBER]}` : clock(one[START]) });
    const text = element("button", { type: "button", className: "text", textContent: one[DOUBTED_TEXT] });
    text.onclick = () => sound(state, one[START]);
    const back = action(texts.bring_back, () => state.decide([one[NUMBER]], true));
    back.setAttribute("aria-label", `${texts.bring_back} (${time.textContent})`);
    return element("li", {}, time, element("div", {}, text, element("span", { className: "why", textContent: why(one[REASON]) })), ...(texts.edit ? [back] : []));
  }));
  made.append(button, inner);
  if (run.length > 1 && texts.edit) inner.append(element("li", { className: "all" }, action(texts.bring_all, () => state.decide(numbers, true))));
  made.unfold = (open) => {
    inner.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    numbers.forEach((number) => state.unfolded[open ? "add" : "delete"](number));
  };
  made.unfold(numbers.some((number) => state.unfolded.has(number)));
  button.onclick = () => made.unfold(inner.hidden);
  return made;
}

function action(text, act) {
  const made = element("button", { type: "button", className: "action", textContent: text });
  made.onclick = act;
  return made;
}

function focusOn(made) {
  if (made) (made.querySelector(".fold") || made).focus();
}

function row(line, index, texts, broughtBack) {
  const made = element("li", { tabIndex: 0, index });
  const time = line[START] == null ? `#${line[NUMBER]}` : clock(line[START]);
  made.append(element("time", { textContent: time }));
  const said = element("div", { className: "said" });
  if (line[SPEAKER]) said.append(element("b", { textContent: line[SPEAKER] }));
  said.append(element("span", {}, ...(line[PIECES] ? pieces(line[PIECES], texts) : [line[TEXT]])));
  const edit = element("button", { type: "button", className: "edit", title: texts.edit, textContent: "\u270e" });
  edit.setAttribute("aria-label", `${texts.edit} (${time})`);
  if (broughtBack && texts.edit) {
    const again = element("button", { type: "button", className: "action again", textContent: texts.hide_again });
    said.append(element("span", { className: "why" }, `${texts.brought_back} · `, again));
  }
  made.append(said, ...(texts.edit ? [edit] : [])); // without a word for it nothing may be changed
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
  state.list.replaceChildren(...(words.length ? shown : state.order));
  state.count.textContent = words.length ? state.data.texts.found.replace("%", shown.length) : "";
}

function hear(state, index) {
  sound(state, state.lines[index]?.[START]);
  show(state, index);
}

function sound(state, start) {
  if (!state.data.sound || start == null) return;
  state.audio.currentTime = start;
  state.audio.play().catch(() => {});
}

// The page may draw the player anew just as a place is pressed (a job ended): it is gone to again.
const KEPT = 5000;
let asked = null;

function go(state, number, sounding) {
  asked = { number, lines: path(state.data.lines), at: Date.now() };
  const index = state.byNumber?.get(number), folded = state.folds?.get(number);
  if (index == null && !folded) return;
  if (state.search.value) { state.search.value = ""; filter(state); }
  if (folded) folded.unfold(true);
  else if (sounding) hear(state, index); else show(state, index);
  const place = state.root.getBoundingClientRect();
  // On a narrow page the player is below the minutes: bring it into view first, then the line.
  const away = place.top > innerHeight - 160 || place.bottom < 80;
  if (away) state.root.scrollIntoView({ block: "start" });
  state.back.hidden = !(away && state.from);
  scroll(state, folded || state.rows[index], true);
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
