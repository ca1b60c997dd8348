// One upload to our server, by tus (`tus` stands before this in the module; pages/parts/sending.py).
// It knows nothing of the page. A lost connection is not a failure: it tries again for as long as
// the tab is open. A failure is what the person has to do something about.
const ENDPOINT = `${location.origin}/api/uploads`;
const ASKED = { "X-Requested-With": "minutes" };
const PAUSES = [1, 2, 4, 8, 15, 30]; // seconds before trying again
const STALLED = 60; // seconds without a byte going out: a connection that nobody has told of its end
const LOOKED_BACK = 8; // seconds over which speed is measured

/* The same file, chosen again: what a browser tells of it without reading it. */
function fingerprint(file) {
  return Promise.resolve(["minutes", file.name, file.size, file.lastModified].join("-"));
}

async function asked(path, method = "GET") {
  const answer = await fetch(`/api/uploads${path}`, { method, headers: { ...ASKED, "Tus-Resumable": "1.0.0" }, cache: "no-store" });
  const told = await answer.json().catch(() => ({}));
  return { ok: answer.ok, status: answer.status, told, date: answer.headers.get("date") };
}

class Sending {
  // States: waiting, sending, lost (goes on by itself), paused, keeping, done, failed, cancelled.
  // `error` is the server's sentence, or the name of one of ours. `stubborn`: waits for room on a full
  // disk, too, because what is sent is nowhere else.
  constructor(body, { metadata, stubborn = false, changed, options = {} }) {
    Object.assign(this, { body, changed, stubborn, lang: metadata.lang, state: "waiting", error: "" });
    Object.assign(this, { sent: 0, size: body.size ?? null, answer: null, attempt: 0, refused: 0 });
    this.upload = new tus.Upload(body, {
      endpoint: ENDPOINT, headers: ASKED, metadata, fingerprint, retryDelays: null,
      removeFingerprintOnSuccess: true, ...options,
      onUploadUrlAvailable: () => { this.attempt = 0; },
      onProgress: (sent) => this.progressed(sent),
      onChunkComplete: () => { this.refused = 0; this.error = ""; },
      onError: (error) => { this.failedOnce(error); },
      onSuccess: () => { this.keep(); },
    });
    this.hurry = () => { if (this.state === "lost") this.start(); };
  }

  get id() { return this.upload.url ? this.upload.url.split("/").pop() : null; }

  /* Whether a part of the same file is with the server already; it goes on there. */
  async takeUp() {
    const before = await this.upload.findPreviousUploads();
    if (!before.length) return false;
    this.upload.resumeFromPreviousUpload(before[before.length - 1]);
    return true;
  }

  turn(state, error = "") {
    this.state = state;
    this.error = error;
    clearTimeout(this.timer);
    clearInterval(this.watch);
    for (const event of ["online", "visibilitychange"]) {
      window[state === "lost" ? "addEventListener" : "removeEventListener"](event, this.hurry);
    }
    this.changed(this);
  }

  start() {
    this.turn("sending", this.error);
    this.samples = [];
    this.moved = performance.now();
    this.watch = setInterval(() => this.isStalled() && this.again(), 5000);
    // Asked where it stands, an unwell server must not make the library begin anew.
    this.upload.options.endpoint = this.upload.url ? null : ENDPOINT;
    this.upload.start();
  }

  /* A recording that pauses has nothing to send, and is well. */
  isStalled() {
    if (this.body.isWaiting) this.moved = performance.now();
    return performance.now() - this.moved > STALLED * 1000;
  }

  progressed(sent) {
    const now = performance.now();
    if (sent !== this.sent) this.moved = now;
    this.sent = sent;
    this.samples.push([now, sent]);
    while (now - this.samples[0][0] > LOOKED_BACK * 1000) this.samples.shift();
    this.changed(this);
  }

  /* Bytes a second, or null while that is not known. */
  get speed() {
    if (this.state !== "sending" || !this.samples?.length) return null;
    const [first, last] = [this.samples[0], this.samples.at(-1)];
    const seconds = (last[0] - first[0]) / 1000;
    return seconds > 1.5 && last[1] > first[1] ? (last[1] - first[1]) / seconds : null;
  }

  again(sentence = "") {
    this.upload.abort();
    const pause = PAUSES[Math.min(this.attempt, PAUSES.length - 1)];
    this.attempt += 1;
    this.turn("lost", sentence);
    this.timer = setTimeout(this.hurry, pause * 1000);
  }

  async failedOnce(error) {
    const status = error.originalResponse?.getStatus() ?? 0;
    const sentence = sentenceOf(error.originalResponse);
    if (this.state !== "sending") return;
    if (!error.originalRequest) { this.turn("failed", "unexpected"); return; }
    if (!status && !(await this.isReadable())) { this.turn("failed", "changed"); return; }
    if (this.state !== "sending") return; // paused or cancelled while we looked
    if ([404, 410].includes(status) && error.originalRequest.getMethod() === "HEAD") {
      this.upload.url = null; // thrown away or expired there: from the beginning
    }
    const passing = [404, 408, 409, 410, 423, 429].includes(status) && (this.refused += 1) < 8;
    const unwell = !status || passing || (status >= 500 && status !== 507);
    // A recording waits for room, and for its person to sign in again: it can't be made anew.
    const waits = this.stubborn && [401, 507].includes(status);
    if (unwell || waits) this.again(status >= 500 || waits ? sentence : "");
    else this.turn("failed", sentence || "unexpected");
  }

  /* A file that was changed or removed cannot be read any more, which looks like a lost connection. */
  async isReadable() {
    if (!(this.body instanceof Blob)) return true;
    try { await this.body.slice(0, 1).arrayBuffer(); return true; } catch { return false; }
  }

  pause() { this.upload.abort(); this.turn("paused"); }

  async cancel() {
    const begun = Boolean(this.upload.url);
    this.turn("cancelled");
    await this.upload.abort(begun).catch(() => {}); // offline: it is offered later, or expires
  }

  /* All bytes are there; the server looks what they are. */
  async keep() {
    this.sent = this.size = this.upload._size ?? this.size;
    this.turn("keeping");
    for (let pause = 200; this.state === "keeping"; pause = Math.min(pause * 1.5, 2000)) {
      const { ok, status, told } = await asked(`/${this.id}?lang=${this.lang}`).catch(() => ({}));
      if (told?.state === "kept") { this.answer = told; this.turn("done"); }
      else if (told?.state === "failed") this.turn("failed", told.error || "unexpected");
      else if (told?.state === "arriving") this.start(); // a power cut took the last bytes
      else if (!ok && status >= 400 && status < 500) this.turn("failed", told?.error || "unexpected");
      else await new Promise((go) => { setTimeout(go, pause); });
    }
  }
}

function sentenceOf(response) {
  try { return JSON.parse(response.getBody()).error || ""; } catch { return ""; }
}

function element(name, parts = {}, ...children) {
  const made = document.createElement(name);
  Object.assign(made, parts);
  made.append(...children);
  return made;
}

/* "{share}% sent" and what goes into the braces. */
function filled(text, facts) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in facts ? String(facts[name]) : whole));
}

function size(bytes) {
  for (const [unit, name] of [[2 ** 30, "GB"], [2 ** 20, "MB"], [2 ** 10, "KB"]]) {
    if (bytes >= unit) return `${(bytes / unit).toFixed(1)} ${name}`;
  }
  return `${bytes} B`;
}

function timeLeft(texts, seconds) {
  const minutes = Math.ceil(seconds / 60);
  if (minutes <= 1) return texts.left_seconds;
  if (minutes < 90) return filled(texts.left_minutes, { minutes });
  return filled(texts.left_hours, { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
}

/* Asked before the tab is closed, while something is on its way. */
function warnBeforeLeaving(isBusy) {
  window.addEventListener("beforeunload", (event) => { if (isBusy()) event.preventDefault(); });
}
