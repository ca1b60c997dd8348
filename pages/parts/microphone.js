// A microphone, and what it gave, going up to the server while it is still speaking. (`tus` and
// `Sending` stand before this in the module.) It knows nothing of the page.
const SLICE = 1000; // milliseconds of sound in a piece: what a closed tab may lose
const SIGN_OF_LIFE = 10; // seconds after which a recording that pauses says that it is not broken off
const BITS = 64000; // a second: clear speech, 29 MB an hour
const QUIET = 0.001; // of full scale: nobody speaks, or the microphone is switched off
const QUIET_FOR = 6; // seconds
const KINDS = ["audio/webm;codecs=opus", "audio/mp4;codecs=mp4a.40.2", "audio/mp4", "audio/ogg;codecs=opus", "audio/webm"];
const REFUSALS = {
  NotAllowedError: "denied", SecurityError: "denied", NotFoundError: "none", OverconstrainedError: "none",
  NotReadableError: "busy", AbortError: "busy",
};

/* The library's source of bytes: gives what is there by now, and waits where nothing is. All pieces
   are held (the browser puts them on disk when they are many): the server may ask from the start. */
class Pieces {
  constructor() { Object.assign(this, { pieces: [], length: 0, ended: false, isWaiting: false, wake: () => {} }); }

  add(piece) {
    this.pieces.push({ start: this.length, piece });
    this.length += piece.size;
    this.wake();
  }

  end() { this.ended = true; this.wake(); }

  /* The bytes from `start` on. */
  from(start) {
    const rest = [];
    for (let place = this.pieces.length - 1; place >= 0; place -= 1) {
      const one = this.pieces[place];
      if (one.start + one.piece.size <= start) break;
      rest.unshift(one.start < start ? one.piece.slice(start - one.start) : one.piece);
    }
    return new Blob(rest, { type: this.pieces[0]?.piece.type });
  }

  async openFile() { return this; }

  async slice(start) {
    if (this.length <= start && !this.ended) {
      this.isWaiting = true;
      await new Promise((go) => { this.wake = go; setTimeout(go, SIGN_OF_LIFE * 1000); });
      this.isWaiting = false;
    }
    return { value: this.from(start), done: this.ended };
  }

  close() {}
}

class Recording {
  // States: asking, recording, paused, taken (the microphone is gone), ending (the rest goes up and
  // is kept), done, refused (`error` says why), failed, thrown.
  constructor({ metadata, changed }) {
    Object.assign(this, { metadata, changed, state: "asking", error: "", level: 0, quiet: false, before: 0, since: null });
  }

  get isLive() { return ["recording", "paused", "taken", "ending"].includes(this.state); }

  /* Seconds recorded, pauses left out. */
  get seconds() { return (this.before + (this.since === null ? 0 : performance.now() - this.since)) / 1000; }

  turn(state, error = "") {
    if (state === "recording") this.since = performance.now();
    else if (this.since !== null) { this.before += performance.now() - this.since; this.since = null; }
    Object.assign(this, { state, error });
    this.changed(this);
  }

  async begin() {
    if (!navigator.mediaDevices?.getUserMedia) { this.turn("refused", "insecure"); return; }
    const mimeType = KINDS.find((kind) => globalThis.MediaRecorder?.isTypeSupported(kind));
    if (!mimeType) { this.turn("refused", "unsupported"); return; }
    try {
      // As it sounds in the room: what takes echo and noise away takes soft voices and loudspeakers
      // with it, and those are people of the meeting, too.
      const audio = { echoCancellation: false, noiseSuppression: false, autoGainControl: true, channelCount: 1 };
      this.stream = await navigator.mediaDevices.getUserMedia({ audio });
      if (this.state === "thrown") { this.close(); return; }
      this.listen();
      this.record(mimeType);
    } catch (error) {
      this.close();
      this.turn("refused", REFUSALS[error.name] ?? "unsupported");
    }
  }

  record(mimeType) {
    const type = mimeType.split(";")[0];
    this.pieces = new Pieces();
    this.name = `${this.metadata.name}.${{ "audio/mp4": "m4a", "audio/ogg": "ogg" }[type] ?? "webm"}`;
    const metadata = { ...this.metadata, name: this.name };
    const options = {
      fileReader: this.pieces, uploadLengthDeferred: true, storeFingerprintForResuming: false,
      fingerprint: async () => null,
    };
    this.sending = new Sending(this.pieces, { metadata, stubborn: true, options, changed: () => this.sent() });
    this.recorder = new MediaRecorder(this.stream, { mimeType, audioBitsPerSecond: BITS });
    this.recorder.ondataavailable = ({ data }) => { if (data.size) this.pieces.add(data); };
    this.recorder.onstop = () => this.stopped();
    this.recorder.onerror = () => this.recorder.state !== "inactive" && this.recorder.stop();
    this.recorder.start(SLICE);
    this.turn("recording");
    this.stayAwake();
    this.sending.start();
  }

  /* How loud it is, ten times a second. */
  listen() {
    this.sound = new AudioContext();
    this.sound.resume().catch(() => {}); // Safari begins asleep; then nothing can be told of loudness
    const analyser = this.sound.createAnalyser();
    this.sound.createMediaStreamSource(this.stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    let heard = performance.now();
    this.meter = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const loud = Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length);
      if (loud > QUIET || this.state !== "recording" || this.sound.state !== "running") heard = performance.now();
      this.quiet = performance.now() - heard > QUIET_FOR * 1000;
      this.level = Math.max(0, Math.min(1, 1 + Math.log10(loud + 1e-9) / 2.5)); // 50 dB
      this.changed(this);
    }, 100);
  }

  /* A telephone that goes dark stops recording. */
  async stayAwake() {
    const wake = async () => { this.awake = await navigator.wakeLock?.request("screen").catch(() => null); };
    this.looked = () => { if (document.visibilityState === "visible") wake(); };
    document.addEventListener("visibilitychange", this.looked);
    await wake();
  }

  pause() { this.recorder.requestData(); this.recorder.pause(); this.turn("paused"); }

  resume() { this.recorder.resume(); this.turn("recording"); }

  finish() {
    this.turn("ending");
    if (this.recorder.state === "inactive") this.pieces.end();
    else this.recorder.stop();
  }

  /* By the person, or because the microphone is gone. */
  stopped() {
    this.close();
    if (this.state === "ending") this.pieces.end();
    else if (this.isLive) this.turn("taken");
  }

  throwAway() {
    this.turn("thrown");
    if (this.recorder && this.recorder.state !== "inactive") this.recorder.stop();
    this.close();
    this.sending?.cancel();
  }

  close() {
    clearInterval(this.meter);
    document.removeEventListener("visibilitychange", this.looked);
    this.awake?.release().catch(() => {});
    this.stream?.getTracks().forEach((track) => track.stop());
    if (this.sound?.state !== "closed") this.sound?.close();
  }

  sent() {
    const { state, error } = this.sending;
    if (state === "done" && this.state === "ending") this.turn("done");
    else if (state === "failed" && this.isLive) this.broken(error);
    else this.changed(this);
  }

  /* The server refuses what it gets (too large, not to be read): no use in speaking on. */
  broken(error) {
    this.turn("failed", error);
    if (this.recorder.state !== "inactive") this.recorder.stop();
  }
}
