// What is seen of a recording that is made here. (`tus`, `Sending` and `Recording` stand before this
// in the module.) The recording belongs to the tab, not to the element: whoever looks at another page
// of the app goes on being recorded, and is told so.
const here = (globalThis.minutesMicrophone ??= { recording: null, view: null });
if (!here.warns) { here.warns = true; warnBeforeLeaving(() => here.recording?.isLive); }
const views = new WeakMap();

export default function ({ parentElement, data: [data], setTriggerValue, setStateValue }) {
  const root = parentElement.querySelector(".root");
  let view = views.get(root);
  if (!view) {
    view = build(root);
    views.set(root, view);
    if (here.recording?.told || here.recording?.state === "thrown") here.recording = null;
  }
  here.view = view;
  Object.assign(view, { data, tell: setTriggerValue, keep: setStateValue });
  draw();
}

function begin() {
  const { query, texts } = here.view.data;
  const now = new Date();
  const two = (number) => String(number).padStart(2, "0");
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map(two);
  const metadata = {
    ...query, kind: "microphone", name: `${day}-${time.join("")}`.replaceAll("-", "").replace(/(.{8})/, "$1-"),
    modified: now.getTime(), held_at: `${day}T${time.join(":")}`,
    title: query.title || filled(texts.record_name, { moment: `${day} ${time[0]}:${time[1]}` }),
  };
  here.recording = new Recording({ metadata, changed });
  here.recording.begin();
  draw();
}

function changed(recording) {
  if (recording !== here.recording) return;
  if (recording.state === "done" && !recording.told && here.view.root.isConnected) {
    recording.told = true;
    here.view.tell("recorded", recording.sending.answer.meeting_id);
  }
  draw();
}

/* --- what is seen ---------------------------------------------------------------------------- */

function build(root) {
  const button = (className) => element("button", { type: "button", className });
  const dot = element("span", { className: "dot" });
  const name = element("span", { className: "state" });
  const clock = element("span", { className: "clock" });
  const fill = element("span", { className: "fill" });
  const meter = element("div", { className: "meter" }, fill);
  meter.setAttribute("role", "img");
  const word = element("p", { className: "word" });
  word.setAttribute("role", "status");
  const parts = { root, dot, name, clock, fill, meter, word, start: button("primary start"), hold: button("quiet"), stop: button("primary"), away: button("quiet away") };
  parts.save = element("a", { className: "save" });
  parts.hint = element("p", { className: "hint" });
  parts.head = element("div", { className: "head" }, dot, name, clock);
  parts.ways = element("div", { className: "ways" }, parts.stop, parts.hold, parts.away);
  root.append(parts.head, meter, parts.start, parts.ways, word, parts.save, parts.hint);
  parts.start.onclick = begin;
  parts.away.onclick = throwAway;
  parts.away.onblur = () => { parts.sure = false; draw(); };
  return parts;
}

/* Asked once more: a meeting is not held twice. */
function throwAway() {
  const { view, recording } = here;
  if (view.sure || recording.state === "failed") { view.sure = false; recording.throwAway(); }
  else { view.sure = true; draw(); }
}

function draw() {
  const { view, recording } = here;
  const state = !recording || recording.state === "thrown" ? "idle" : recording.state;
  pill(recording);
  if (!view.data) return;
  const { texts } = view.data;
  const live = recording?.isLive ? recording.sending.id ?? "" : "";
  if (live !== view.data.live && live !== view.kept) { view.kept = live; view.keep("live", live); }
  view.root.className = `root ${state}`;
  show(view.head, recording?.isLive);
  show(view.meter, ["recording", "paused"].includes(state));
  show(view.start, ["idle", "refused", "asking"].includes(state));
  show(view.ways, ["recording", "paused", "taken", "failed"].includes(state));
  show(view.hold, ["recording", "paused"].includes(state));
  show(view.stop, state !== "failed");
  // Nothing is kept by a server that is away.
  const isKept = ["recording", "paused"].includes(state) && recording.sending.state !== "lost";
  show(view.hint, state === "idle" || isKept);
  view.start.disabled = state === "asking";
  write(view.start, texts.start);
  write(view.stop, texts.finish);
  write(view.hold, state === "paused" ? texts.resume : texts.hold);
  write(view.away, view.sure ? texts.away_sure : texts.away);
  write(view.name, texts[`is_${state}`] ?? "");
  write(view.clock, recording ? clockOf(recording.seconds) : "");
  write(view.hint, state === "idle" ? texts.hint : texts.hint_live);
  view.meter.ariaLabel = texts.level;
  view.fill.style.transform = `scaleX(${state === "recording" ? recording.level : 0})`;
  view.hold.onclick = () => (recording.state === "paused" ? recording.resume() : recording.pause());
  view.stop.onclick = () => recording.finish();
  view.word.classList.toggle("bad", ["refused", "failed", "taken"].includes(state));
  write(view.word, wordOf(recording, state, texts));
  offerFile(view, recording, texts);
}

function wordOf(recording, state, texts) {
  if (state === "refused") return texts[recording.error];
  if (state === "failed") return texts[recording.error] ?? recording.error;
  if (state === "asking") return texts.asking;
  if (state === "done") return texts.done;
  if (!recording?.isLive) return "";
  const told = [];
  if (state === "taken") told.push(filled(texts.taken, { moment: clockOf(recording.seconds) }));
  if (recording.sending.state === "lost") told.push(...troubleOf(recording.sending.error, texts));
  else if (state === "ending") told.push(recording.sending.state === "keeping" ? texts.keeping : texts.rest);
  else if (recording.quiet) told.push(texts.quiet);
  return told.filter(Boolean).join(" ");
}

function troubleOf(error, texts) { return error ? [error, texts.waits] : [texts.lost_recording]; }

/* The sound is in the browser as well: where the server does not take it, the person can. */
function offerFile(view, recording, texts) {
  const wanted = recording?.pieces && (recording.state === "failed" || (recording.state === "ending" && recording.sending.state === "lost"));
  show(view.save, wanted);
  if (!wanted || view.save.dataset.size === String(recording.pieces.length)) return;
  if (view.save.href) URL.revokeObjectURL(view.save.href);
  view.save.href = URL.createObjectURL(recording.pieces.from(0));
  view.save.dataset.size = recording.pieces.length;
  view.save.download = recording.name;
  write(view.save, texts.save);
}

/* Set only where it is new: a screen reader says again whatever is set again. */
function write(part, text) { if (part.textContent !== text) part.textContent = text; }
function show(part, is) { part.hidden = !is; }

function clockOf(seconds) {
  const whole = Math.floor(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${two(minutes)}:${two(rest)}`;
}

/* While another page of the app is looked at: that it goes on, and the way back. */
function pill(recording) {
  const { texts } = here.view.data ?? {};
  let shown = document.getElementById("minutes-recording");
  if (!texts || !recording?.isLive || here.view.root.isConnected) { shown?.remove(); return; }
  if (!shown) {
    shown = element("button", { type: "button", id: "minutes-recording" });
    shown.style.cssText = "position:fixed;right:1rem;bottom:1rem;z-index:1000;padding:.6rem 1rem;border:0;"
      + "border-radius:2rem;background:#c4292f;color:#fff;font:600 .9rem/1.2 inherit;font-family:inherit;"
      + "font-variant-numeric:tabular-nums;box-shadow:0 2px 10px rgb(0 0 0 / .35);cursor:pointer";
    shown.onclick = () => document.querySelector('[data-testid="stSidebarNavLink"][href$="/upload"]')?.click();
    document.body.append(shown);
  }
  write(shown, `● ${clockOf(recording.seconds)} · ${texts.back}`);
}
