// The queue of files that are being sent from this tab. (`tus`, `Sending` and HASHING stand before this
// in the module, the rows after it.) It belongs to the tab, not to the element: a person who looks at
// another page of the app meanwhile finds it at work when they come back.
const AT_ONCE = 2;
const CHECKED_FOR = 60; // seconds: past that, sending a file to see whether it is known costs less
const queue = (globalThis.minutesQueue ??= { items: [], view: null });
if (!queue.tabs) {
  warnBeforeLeaving(() => queue.items.some(isBusy));
  queue.tabs = new BroadcastChannel("minutes-uploads");
  queue.tabs.onmessage = ({ data }) => {
    if (data === "who?") queue.tabs.postMessage(queue.items.filter(isOpen).map((item) => item.sending?.id));
    else queue.others = [...(queue.others ?? []), ...data];
  };
}

/* The uploads that other tabs of this browser are sending. */
async function sentByOthers() {
  queue.others = [];
  queue.tabs.postMessage("who?");
  await new Promise((go) => { setTimeout(go, 300); });
  return new Set(queue.others);
}

function stateOf(item) { return item.state ?? item.sending.state; }
function isBusy(item) { return ["checking", "sending", "lost", "keeping"].includes(stateOf(item)); }
function isOpen(item) { return isBusy(item) || ["waiting", "paused"].includes(stateOf(item)); }

function add(view, chosen) {
  const { limit, texts } = view.data;
  if (!queue.items.some(isOpen)) queue.items = queue.items.filter((item) => stateOf(item) !== "done");
  const batch = {};
  for (const body of chosen) {
    const same = queue.items.find((item) => isSame(item.body, body) && stateOf(item) !== "done");
    if (same && isOpen(same)) { if (["paused", "lost"].includes(stateOf(same))) goOn(same); continue; }
    queue.items = queue.items.filter((item) => item !== same);
    const over = body.size > limit;
    queue.items.push({ body, batch, state: over ? "failed" : "waiting", error: over ? texts.too_large : "", over });
  }
  draw();
  next();
}

function isSame(one, other) {
  return one.name === other.name && one.size === other.size && one.lastModified === other.lastModified;
}

function next() {
  for (const item of queue.items.filter((one) => one.state === "waiting")) {
    if (queue.items.filter(isBusy).length < AT_ONCE) begin(item);
  }
  if (!queue.items.some(isOpen)) tell();
}

/* A failure stays before the person's eyes; what went well waits on the list of meetings. */
function tell() {
  const done = queue.items.filter((item) => stateOf(item) === "done" && !item.told);
  const failed = queue.items.some((item) => ["failed", "binned"].includes(stateOf(item)));
  // On another page nobody is taken away from it: the row and its link wait here.
  if (!done.length || failed || !queue.view.list.isConnected) return;
  for (const item of done) item.told = true;
  queue.view.tell("uploaded", done.map((item) => item.meeting));
}

async function begin(item) {
  item.state = "checking";
  item.share = 0;
  draw();
  if (!item.sending) {
    item.sending = sendingOf(item);
    const goesOn = await item.sending.takeUp();
    const { meeting_id: meeting, in_bin: binned } = goesOn || !item.body.size ? {} : await known(item);
    if (item.state !== "checking") return; // cancelled meanwhile
    if (meeting) { end(item, meeting, true); return; }
    if (binned) { Object.assign(item, { state: "binned", binned }); draw(); next(); return; }
  }
  item.state = null;
  item.sending.start();
}

function sendingOf(item) {
  const { query } = queue.view.data;
  const metadata = { ...query, kind: "file", name: item.body.name, modified: item.body.lastModified };
  if (queue.items.some((one) => one !== item && isBesides(one, item))) metadata.title = metadata.held_at = "";
  return new Sending(item.body, { metadata, changed: () => changed(item) });
}

/* What was typed is about one meeting. A file that failed earlier, or was cancelled, is not another. */
function isBesides(one, item) {
  return one.batch === item.batch || isOpen(one) || (stateOf(one) === "done" && !one.told);
}

function changed(item) {
  draw();
  const state = stateOf(item);
  if (state === "done" && !item.meeting) end(item, item.sending.answer.meeting_id, !item.sending.answer.new);
  else if (["failed", "paused", "cancelled"].includes(state)) next();
}

function end(item, meeting, isKnown) {
  Object.assign(item, { state: "done", meeting, known: isKnown });
  if (isKnown && !item.sending.sent) queue.view.tell("known", meeting);
  draw();
  next();
}

function goOn(item) { item.state = "waiting"; draw(); next(); }

/* The page brings back from the bin what it is told of (describe_known). */
function bringBack(item) { end(item, item.binned, true); }

function cancel(item) {
  item.worker?.terminate();
  item.state = "cancelled";
  item.sending?.cancel();
  draw();
  next();
}

/* Off the list. A part that is with the server is offered there, to go on or to be thrown away; a
   whole file that was of no use is deleted there. */
function putAway(item) {
  const { sending } = item;
  queue.items = queue.items.filter((one) => one !== item);
  if (sending?.id && sending.size === sending.sent) asked(`/${sending.id}`, "DELETE").catch(() => {});
  if (queue.view.list.isConnected) look(queue.view);
  draw();
}

/* All bytes were there but could not be kept: they may still lie there. Otherwise from the start. */
async function again(item) {
  const { sending } = item;
  const whole = sending?.id && sending.size === sending.sent && stateOf(item) === "failed";
  item.state = "waiting";
  draw();
  if (whole && (await asked(`/${sending.id}/end?lang=${sending.lang}`, "POST").catch(() => ({}))).ok) {
    item.state = null;
    sending.keep();
    return;
  }
  if (whole || sending?.state === "cancelled") item.sending = null;
  next();
}

/* --- is it known already? ------------------------------------------------------------------- */

/* The meeting that this person made of the same bytes, or the one in their bin. Nothing that goes
   wrong here matters: the server looks again when the file is there. */
async function known(item) {
  try {
    const length = `size=${item.body.size}`;
    const first = await asked(`/known?${length}`);
    if (first.told.same_size === false) return {}; // most files: not a byte is read for it
    const sha256 = await hashed(item);
    return sha256 ? (await asked(`/known?sha256=${sha256}&${length}`)).told : {};
  } catch { return {}; }
}

function hashed(item) {
  const address = URL.createObjectURL(new Blob([HASHING], { type: "text/javascript" }));
  const worker = (item.worker = new Worker(address));
  const begun = performance.now();
  return new Promise((answer) => {
    const stop = (found) => { worker.terminate(); URL.revokeObjectURL(address); answer(found); };
    worker.onerror = () => stop(null);
    worker.onmessage = ({ data }) => {
      if (!("read" in data)) { stop(data.sha256 ?? null); return; }
      item.share = data.read / item.body.size;
      const seconds = (performance.now() - begun) / 1000;
      if (seconds > 3 && seconds / item.share > CHECKED_FOR) { item.unchecked = true; stop(null); return; }
      draw();
    };
    worker.postMessage(item.body);
  });
}
