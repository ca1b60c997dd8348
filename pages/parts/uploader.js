// Files chosen or dropped: a row for each. (The queue stands before this in the module.)
const ALIVE = 20; // seconds since the last byte in which another browser may be sending
const views = new WeakMap();

export default function ({ parentElement, data: [data], setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  let view = views.get(root);
  if (!view) {
    view = build(root);
    views.set(root, view);
    queue.items = queue.items.filter((item) => !(item.told && stateOf(item) === "done"));
    look(view);
  }
  queue.view = view;
  Object.assign(view, { data, tell: setTriggerValue });
  label(view);
}

/* --- what was begun and is not there yet ----------------------------------------------------- */

async function look(view) {
  clearTimeout(view.timer);
  const { ok, told, date } = await asked("").catch(() => ({}));
  if (!view.list.isConnected) return;
  if (ok) {
    const files = told.filter((one) => one.kind === "file" && one.offset > 0 && one.offset < one.size);
    const stored = await tus.defaultOptions.urlStorage.findAllUploads();
    const here = (view.here = new Set(stored.map((one) => one.uploadUrl?.split("/").pop())));
    const others = await sentByOthers();
    const silent = (one) => Date.parse(date) - Date.parse(one.touched) > ALIVE * 1000;
    view.unfinished = files.filter((one) => (here.has(one.id) ? !others.has(one.id) : silent(one)));
    draw();
    if (!files.length) return; // what another browser or tab goes on with is no longer offered
  }
  view.timer = setTimeout(() => look(view), 5000);
}

function offered(view) {
  const ours = new Set(queue.items.map((item) => item.sending?.id));
  return view.unfinished.filter((one) => !ours.has(one.id));
}

async function throwAway(view, one) {
  const { ok, status, told } = await asked(`/${one.id}`, "DELETE").catch(() => ({}));
  if (ok || status === 404) view.unfinished = view.unfinished.filter((other) => other.id !== one.id);
  else view.rows.get(one.id).word.textContent = told?.error ?? view.data.texts.unreachable;
  draw();
}

/* --- what is seen ---------------------------------------------------------------------------- */

function build(root) {
  const input = element("input", { type: "file", multiple: true, className: "input", id: "files" });
  const [button, drop, formats, limit] = ["button", "drop", "hint", "hint"].map((className) => element("span", { className }));
  const zone = element("label", { className: "zone", htmlFor: "files" }, input, button, drop, formats, limit);
  const list = element("ul", { className: "list" });
  const rest = element("ul", { className: "list rest" });
  const heard = element("p", { className: "unseen" });
  heard.setAttribute("role", "status");
  const view = { input, button, drop, formats, limit, list, rest, heard, rows: new Map(), unfinished: [], here: new Set() };
  root.append(zone, list, rest, heard);
  input.onchange = () => { add(view, [...input.files]); input.value = ""; };
  zone.ondragover = (event) => { event.preventDefault(); zone.classList.add("over"); };
  zone.ondragleave = () => zone.classList.remove("over");
  zone.ondrop = (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    add(view, [...event.dataTransfer.files]);
  };
  return view;
}

function label(view) {
  const { texts, accept } = view.data;
  view.input.accept = accept;
  for (const name of ["drop", "formats", "limit"]) view[name].textContent = texts[name];
  view.button.textContent = texts.choose;
  draw();
}

/* Bytes arrive faster than a screen is drawn. */
function draw() {
  const { view } = queue;
  if (!view?.data || view.planned) return;
  view.planned = true;
  setTimeout(() => { view.planned = false; drawAll(view); }, 30);
}

function drawAll(view) {
  for (const item of queue.items) {
    if (!view.rows.has(item)) view.rows.set(item, row(item.body.name, size(item.body.size)));
    drawRow(view, view.rows.get(item), item);
  }
  renew(view.list, queue.items.map((item) => view.rows.get(item).row));
  renew(view.rest, offered(view).map((one) => offer(view, one)));
}

/* A button that is pressed just now must not be taken away and put back. */
function renew(list, rows) {
  const stands = rows.length === list.children.length && rows.every((one, place) => one === list.children[place]);
  if (!stands) list.replaceChildren(...rows);
}

function row(called, length) {
  const name = element("span", { className: "name", textContent: called });
  const first = element("button", { type: "button", className: "small" });
  const second = element("button", { type: "button", className: "small" });
  const bar = element("progress", { max: 1, value: 0, ariaLabel: called });
  const word = element("span", { className: "word" });
  const ways = element("span", { className: "ways" }, first, second);
  const line = element("div", { className: "line" }, name, element("span", { className: "size", textContent: length }), ways);
  return { row: element("li", {}, line, bar, word), name: called, first, second, ways, bar, word };
}

function drawRow(view, parts, item) {
  const state = stateOf(item);
  const { texts } = view.data;
  parts.row.className = state;
  parts.bar.hidden = !["waiting", "checking", "sending", "lost", "paused"].includes(state);
  parts.bar.value = state === "checking" ? item.share : (item.sending?.sent ?? 0) / (item.body.size || 1);
  const word = wordOf(item, state, texts);
  if (parts.said !== word) parts.word.replaceChildren(word, ...link(item, state, texts));
  parts.said = word;
  if (parts.state !== state) view.heard.textContent = `${parts.name}: ${state === "sending" ? texts.begun : word}`;
  parts.state = state;
  const ways = waysOf(item, state);
  for (const [place, button] of [parts.first, parts.second].entries()) {
    const [name, act] = ways[place] ?? [];
    button.hidden = !name;
    button.textContent = texts[name] ?? "";
    button.ariaLabel = name ? `${texts[name]}: ${parts.name}` : null;
    button.onclick = act;
  }
  parts.ways.hidden = !ways.length;
}

function waysOf(item, state) {
  const stop = ["cancel", () => cancel(item)];
  const ways = {
    waiting: [stop], checking: [stop],
    sending: [["pause", () => item.sending.pause()], stop],
    lost: [["now", () => item.sending.hurry()], stop],
    paused: [["go_on", () => goOn(item)], stop],
    binned: [["bring_back", () => bringBack(item)], ["put_away", () => putAway(item)]],
    failed: [...(item.over ? [] : [["again", () => again(item)]]), ["put_away", () => putAway(item)]],
    cancelled: [["again", () => again(item)], ["put_away", () => putAway(item)]],
  };
  return ways[state] ?? [];
}

function wordOf(item, state, texts) {
  const { sending } = item;
  const error = item.error || sending?.error || "";
  const facts = { sent: size(sending?.sent ?? 0), size: size(item.body.size) };
  facts.share = Math.floor(100 * (state === "checking" ? item.share : (sending?.sent ?? 0) / (item.body.size || 1)));
  if (state === "failed") return texts[error] ?? error;
  if (state === "lost") return error ? `${error} ${texts.retries}` : texts.lost;
  if (state === "done" && item.known) return texts.known;
  if (state !== "sending" || !sending.speed) {
    return filled(texts[state], facts) + (state === "sending" && item.unchecked ? ` · ${texts.unchecked}` : "");
  }
  const left = timeLeft(texts, (item.body.size - sending.sent) / sending.speed);
  return [filled(texts.sending, facts), `${size(sending.speed)}/s`, left, item.unchecked && texts.unchecked].filter(Boolean).join(" · ");
}

function link(item, state, texts) {
  if (state !== "done") return [];
  const href = `/meeting?meeting=${encodeURIComponent(item.meeting)}`;
  return [" ", element("a", { href, textContent: texts.open, ariaLabel: `${texts.open}: ${item.body.name}` })];
}

function offer(view, one) {
  const { texts } = view.data;
  const key = `${one.id} ${one.offset} ${view.here.has(one.id)} ${texts.choose_again}`;
  if (view.rows.get(one.id)?.key === key) return view.rows.get(one.id).row;
  const parts = row(one.name, size(one.size));
  parts.bar.value = one.offset / one.size;
  const facts = { sent: size(one.offset), size: size(one.size) };
  parts.word.textContent = filled(view.here.has(one.id) ? texts.unfinished : texts.elsewhere, facts);
  parts.first.textContent = texts.choose_again;
  parts.first.hidden = !view.here.has(one.id);
  parts.first.onclick = () => view.input.click();
  parts.second.textContent = texts.throw_away;
  parts.second.ariaLabel = `${texts.throw_away}: ${one.name}`;
  parts.second.onclick = () => throwAway(view, one);
  parts.row.className = "unfinished";
  view.rows.set(one.id, Object.assign(parts, { key }));
  return parts.row;
}
