// Sends files one after another and shows each one's way. State lives with the element, because
// this function runs again whenever the page does.
const states = new WeakMap();

export default function ({ parentElement, data: [data], setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  let state = states.get(root);
  if (!state) {
    state = { files: [], busy: false };
    states.set(root, state);
    build(root, state);
  }
  state.data = data;
  state.tell = (ids) => setTriggerValue("uploaded", ids);
  label(state);
}

function element(name, parts = {}, ...children) {
  const made = document.createElement(name);
  Object.assign(made, parts);
  made.append(...children);
  return made;
}

function build(root, state) {
  const input = element("input", { type: "file", multiple: true, className: "input", id: "files" });
  const button = element("span", { className: "button" });
  const drop = element("span", { className: "drop" });
  const formats = element("span", { className: "hint" });
  const limit = element("span", { className: "hint" });
  const zone = element("label", { className: "zone", htmlFor: "files" }, input, button, drop, formats, limit);
  const list = element("ul", { className: "list" });
  Object.assign(state, { input, button, drop, formats, limit, list });
  root.append(zone, list);
  input.onchange = () => { add(state, input.files); input.value = ""; };
  zone.ondragover = (event) => { event.preventDefault(); zone.classList.add("over"); };
  zone.ondragleave = () => zone.classList.remove("over");
  zone.ondrop = (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    add(state, event.dataTransfer.files);
  };
}

function label(state) {
  const { texts, accept } = state.data;
  state.input.accept = accept;
  state.button.textContent = texts.choose;
  state.drop.textContent = texts.drop;
  state.formats.textContent = texts.formats;
  state.limit.textContent = texts.limit;
  for (const file of state.files) draw(state, file);
}

function add(state, chosen) {
  if (!state.busy) state.files = state.files.filter((file) => file.state !== "done");
  for (const body of chosen) {
    const file = { body, state: "waiting", share: 0, error: "" };
    file.name = element("span", { className: "name", textContent: body.name });
    file.size = element("span", { className: "size", textContent: size(body.size) });
    file.bar = element("progress", { max: 1, value: 0 });
    file.word = element("span", { className: "word" });
    file.word.setAttribute("role", "status");
    file.button = element("button", { type: "button", className: "small" });
    file.button.onclick = () => (file.state === "failed" || file.state === "cancelled" ? again(state, file) : cancel(state, file));
    file.row = element("li", {}, element("div", { className: "line" }, file.name, file.size, file.button), file.bar, file.word);
    if (body.size > state.data.limit) fail(file, state.data.texts.too_large);
    state.files.push(file);
    draw(state, file);
  }
  state.list.replaceChildren(...state.files.map((file) => file.row));
  next(state);
}

function draw(state, file) {
  const { texts } = state.data;
  file.row.className = file.state;
  file.bar.hidden = !["waiting", "sending"].includes(file.state);
  file.bar.value = file.share;
  const sending = `${texts.sending} ${Math.floor(file.share * 100)}%`;
  const word = file.state === "done" && file.known ? texts.known : texts[file.state];
  file.word.textContent = file.error || (file.state === "sending" ? sending : word);
  if (file.state === "done") {
    file.word.append(" ", element("a", { href: `/meeting?meeting=${encodeURIComponent(file.meeting)}`, textContent: texts.open }));
  }
  const over = file.body.size > state.data.limit;
  file.button.hidden = ["done", "keeping"].includes(file.state) || over;
  file.button.textContent = ["failed", "cancelled"].includes(file.state) ? texts.again : texts.cancel;
}

function fail(file, sentence) {
  file.state = "failed";
  file.error = sentence;
}

function cancel(state, file) {
  file.state = "cancelled";
  if (file.request) file.request.abort();
  draw(state, file);
  next(state);
}

function again(state, file) {
  Object.assign(file, { state: "waiting", share: 0, error: "" });
  draw(state, file);
  next(state);
}

function next(state) {
  if (state.busy) return;
  const file = state.files.find((one) => one.state === "waiting");
  if (file) { send(state, file); return; }
  const done = state.files.filter((one) => one.state === "done" && !one.told);
  const open = state.files.some((one) => one.state === "failed");
  // A failure stays before the person's eyes; what went well waits on the list of meetings.
  if (done.length && !open) {
    done.forEach((one) => { one.told = true; });
    state.tell(done.map((one) => one.meeting));
  }
}

function send(state, file) {
  const { query, texts } = state.data;
  const request = new XMLHttpRequest();
  const asked = new URLSearchParams({ ...query, name: file.body.name, modified: file.body.lastModified });
  if (state.files.length > 1) { asked.delete("title"); asked.delete("held_at"); }
  const stay = (event) => { event.preventDefault(); };
  const end = (change) => {
    window.removeEventListener("beforeunload", stay);
    state.busy = false;
    file.request = null;
    change();
    draw(state, file);
    next(state);
  };
  Object.assign(file, { state: "sending", request, share: 0, error: "" });
  state.busy = true;
  window.addEventListener("beforeunload", stay);
  request.open("PUT", `/api/uploads?${asked}`);
  request.setRequestHeader("X-Requested-With", "minutes");
  request.upload.onprogress = (event) => { if (event.total) { file.share = event.loaded / event.total; draw(state, file); } };
  request.upload.onload = () => { if (file.state === "sending") { file.state = "keeping"; draw(state, file); } };
  request.onload = () => end(() => {
    const answer = parsed(request.responseText);
    if (request.status < 300 && answer.meeting_id) { file.state = "done"; file.known = !answer.new; file.meeting = answer.meeting_id; }
    else fail(file, answer.error || texts.lost);
  });
  request.onerror = () => end(() => fail(file, texts.lost));
  request.onabort = () => end(() => { file.state = "cancelled"; });
  request.send(file.body);
  draw(state, file);
}

function parsed(text) {
  try { return JSON.parse(text); } catch { return {}; }
}

function size(bytes) {
  for (const [unit, name] of [[2 ** 30, "GB"], [2 ** 20, "MB"], [2 ** 10, "KB"]]) {
    if (bytes >= unit) return `${(bytes / unit).toFixed(1)} ${name}`;
  }
  return `${bytes} B`;
}
