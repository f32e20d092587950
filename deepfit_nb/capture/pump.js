// Front end of FramePump (pump.py): one stage with a video, and a canvas over it for the skeleton.

const ACKNOWLEDGEMENT_TIMEOUT_MS = 3000;
const OPENING_TIMEOUT_MS = 15000;
const STANDSTILL_MS = 3000; // a file that stands still for so long while it should play has no more to play
const LOOK_MS = 500;
const SILENCE_LIMIT_MS = 30000; // long enough for a slow machine to load the pose model

// What getUserMedia's errors mean for the user.
const PROBLEM_OF_ERROR = {
  NotAllowedError: "denied",
  NotFoundError: "nocamera",
  OverconstrainedError: "nocamera",
  NotReadableError: "busy",
  AbortError: "busy",
  SecurityError: "insecure",
  NotSupportedError: "unplayable",
};

const PROBLEMS = {
  denied: ["The camera is blocked", "Allow this page to use the camera: click the camera symbol in the address bar, then try again."],
  nocamera: ["No camera found", "Plug in a camera and try again, or choose a demo clip or your own file."],
  busy: ["The camera is in use", "Close the other program or tab that uses it, then try again."],
  insecure: ["The browser keeps the camera from this page", "Open the page as http://localhost or over https."],
  unplayable: ["This video cannot be played", "The browser does not know its format. Convert it to MP4 (H.264) and choose it again."],
  empty: ["The file is empty", "There is nothing in it to play. Choose another one."],
  broken: ["", "What was seen until then counts."], // the message says where
  disconnected: ["The camera has gone", "It was unplugged, or the system took it. Plug it in and try again."],
  error: ["Something went wrong", ""],
};
const FILE_PROBLEMS = ["unplayable", "empty", "broken"]; // to try again would not help
const LOST = ["The trainer is gone", "The connection to it is lost. Reload the page to begin anew."];

const referencedId = (reference) => reference.replace(/^(IPY_MODEL_|anywidget:)/, "");

class Problem extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

const rejectAfter = (ms, problem) => new Promise((_, reject) => setTimeout(() => reject(problem), ms));
const failureOf = (media) =>
  new Promise((_, reject) => {
    const fail = () => reject(new Problem("unplayable", media.error?.message ?? ""));
    if (media.error) fail();
    else media.addEventListener("error", fail, { once: true });
  });
const stopTracks = (stream) => stream.getTracks().forEach((track) => track.stop());

// Texts that begin at x and are `length` long, with those moved down that would be written over another.
function apart(texts, height) {
  const placed = [];
  for (const text of texts.sort((a, b) => a.y - b.y)) {
    let { y } = text;
    for (const other of placed) // from the top down
      if (text.x < other.x + other.length && other.x < text.x + text.length) y = Math.max(y, other.y + height);
    placed.push({ ...text, y });
  }
  return placed;
}

class Pump {
  constructor(model) {
    this.model = model;
    this.video = element("video", "", { muted: true, playsInline: true });
    this.overlay = element("canvas", "df-overlay", { ariaHidden: "true" });
    this.grabber = document.createElement("canvas");
    this.pixels = this.grabber.getContext("2d", { alpha: false, willReadFrequently: true });
    this.panel = element("div", "df-stage-panel", { role: "status" });
    this.stage = element("div", "df-stage", {}, this.video, this.overlay, this.panel);
    this.page = Date.now(); // of two pages of one kernel the later one is followed
    this.run = 0;
    [this.status, this.message] = ["idle", ""]; // this page's own: another one may write the model's
    this.number = 0;
    this.captured = 0; // when the latest frame was taken
    this.encoding = false;
    this.sent = new Map(); // number -> { captured, posted }, all in performance.now() time
    this.round = { since: performance.now(), latencies: [] };
    this.frames = 0;
    this.pictured = false; // a frame of this run, or of the last one, was drawn

    model.on("change:run", () => this.follow());
    model.on("change:invitation", () => this.run || this.setStatus("idle")); // another source was chosen
    for (const name of ["invitation", "done"]) model.on(`change:${name}`, () => this.run || model.get("done") || this.clear());
    for (const name of ["choosing", "chosen", "done", "failure", "mirrored"]) model.on(`change:${name}`, () => this.paint());
    model.on("msg:custom", (content, buffers) => {
      if (content.kind === "ack") this.acknowledged(content, buffers);
      if (content.kind === "skip") this.sent.delete(content.number);
      this.unanswered = null;
      if (this.lost) this.comeBack();
    });
    this.paint();
    this.follow();
  }

  // Talk to the kernel. Where there is none any more (it died, or the page is being closed), the run is over.
  tell(action) {
    try {
      action(this.model);
    } catch {
      this.giveUp();
    }
  }

  giveUp() {
    this.close();
    this.lost = true;
    this.paint();
  }

  // The kernel was only busy, or the machine asleep.
  comeBack() {
    this.lost = false;
    this.paint();
    this.follow();
  }

  setStatus(status, message = "") {
    Object.assign(this, { status, message });
    this.model.set({ status, message, status_run: this.run, status_page: this.page });
    this.tell((model) => model.save_changes());
    this.paint();
  }

  follow() {
    const run = this.model.get("run");
    if (run === this.run) return;
    this.close();
    this.run = run;
    this.round = { since: performance.now(), latencies: [] };
    if (run) this.open(run);
    else if (["opening", "live", "muted"].includes(this.status)) this.setStatus("idle");
  }

  close() {
    if (!this.run) return;
    this.run = 0;
    this.onClose.abort(); // what the run still waits for, such as a permission, comes too late
    if (this.video.srcObject) stopTracks(this.video.srcObject);
    this.video.srcObject = null;
    this.source?.media?.pause?.();
    this.sent.clear();
    this.dimLastFrame();
  }

  async open(run) {
    this.lost = false;
    this.clear();
    this.unanswered = null; // when the oldest frame was sent since the kernel was heard
    this.grabbed = performance.now();
    this.onClose = new AbortController();
    const { signal } = this.onClose;
    const current = () => !signal.aborted; // the run's number alone may be opened twice, see comeBack
    let stream;
    this.setStatus("opening");
    if (!current()) return;
    try {
      stream = await this.capture(signal);
      const [track] = stream.getVideoTracks();
      if (!current()) return stopTracks(stream); // the user took their time to allow it
      if (!track) throw new Problem("unplayable", "it has no picture");
      const media = this.source.media;
      const ended = () => current() && this.setStatus(media ? "ended" : "disconnected");
      (media ?? track).addEventListener("ended", ended, { signal });
      track.addEventListener("mute", () => current() && !media && this.setStatus("muted"), { signal });
      track.addEventListener("unmute", () => current() && !media && this.setStatus("live"), { signal });
      this.video.srcObject = stream;
      await this.video.play();
      if (!current()) return;
      this.setStatus("live", track.label);
      this.watch(run);
      if (media) this.guard(media, current);
    } catch (error) {
      if (stream) stopTracks(stream);
      if (!current()) return;
      this.setStatus(error.status ?? PROBLEM_OF_ERROR[error.name] ?? "error", error.message);
      this.close();
    }
  }

  // The browser stream behind the ipywebrtc model.
  async capture(signal) {
    this.source = await this.model.widget_manager.get_model(referencedId(this.model.get("stream")));
    signal.throwIfAborted();
    if (typeof this.source.captureStream !== "function")
      throw new Problem("error", "The extension jupyter-webrtc is not loaded: install ipywebrtc where the server runs.");
    const isCamera = this.source.get("constraints") !== undefined;
    if (!isCamera) {
      const late = rejectAfter(OPENING_TIMEOUT_MS, new Problem("unplayable", "it did not start to play"));
      const playback = this.capturePlayback(signal);
      playback.then((stream) => signal.aborted && stopTracks(stream)).catch(() => {}); // the race is over by then
      return Promise.race([playback, late]);
    }
    if (!navigator.mediaDevices?.getUserMedia) throw new Problem("insecure", "getUserMedia is missing");
    // ipywebrtc keeps the promise of its first try, which may be a refusal or a stream that was stopped since.
    this.source.cameraStream = undefined;
    return this.source.captureStream();
  }

  async capturePlayback(signal) {
    const { source } = this;
    if (source.media?.error) source.media.load(); // else it would not try again
    else if (source.media) source.media.currentTime = 0;
    const captured = source.captureStream(); // which waits until it can play, if need be for ever, and begins to
    captured.catch(() => {}); // a failure is seen below, or has come too late
    await source.createView?.();
    const stream = await Promise.race([captured, failureOf(source.media)]);
    source.media.muted = true;
    if (!signal.aborted) await source.media.play();
    else if (!this.run || this.source !== source) source.media.pause();
    return stream;
  }

  // End the run where a file breaks off: at its end the browser would wait for the rest for ever. Looks are counted, and
  // not the time, which may pass without any while the machine sleeps.
  guard(media, current) {
    let [before, stood] = [-1, 0];
    const look = () => {
      if (!current() || media.ended) return;
      const moves = media.currentTime !== before || media.paused || document.hidden;
      stood = moves ? 0 : stood + 1;
      before = media.currentTime;
      if (media.error || stood * LOOK_MS >= STANDSTILL_MS) this.setStatus("broken", `The file breaks off after ${before.toFixed(1)} s`);
      else setTimeout(look, LOOK_MS);
    };
    look();
  }

  // Ask for the next frame of the video, as long as this run lasts.
  watch(run) {
    this.video.requestVideoFrameCallback((now, metadata) => {
      if (this.run !== run) return;
      this.watch(run);
      this.grab(run, metadata.captureTime ?? now);
    });
  }

  // One frame is encoded at a time, so that they arrive in the order of time.
  async grab(run, captured) {
    const now = performance.now();
    for (const [number, { posted }] of this.sent)
      if (now - posted > ACKNOWLEDGEMENT_TIMEOUT_MS) this.sent.delete(number); // lost: its credit comes back
    // Without pictures (a covered camera, a tab in the background, a machine asleep) nobody has anything to answer.
    if (now - this.grabbed > ACKNOWLEDGEMENT_TIMEOUT_MS) this.unanswered = null;
    this.grabbed = now;
    if (this.unanswered !== null && now - this.unanswered > SILENCE_LIMIT_MS) return this.giveUp();
    const full = this.sent.size >= this.model.get("credits");
    if (full || this.encoding || captured <= this.captured || !this.video.videoWidth) return;
    this.encoding = true;
    this.captured = captured;
    const number = ++this.number;
    this.sent.set(number, { captured, posted: now });
    let jpeg;
    try {
      jpeg = await this.encode();
    } catch (error) {
      console.warn("DeepFit: a frame could not be encoded", error);
    } finally {
      this.encoding = false;
    }
    if (!jpeg) this.sent.delete(number); // the next one may be encoded
    if (!jpeg || this.run !== run) return;
    this.unanswered ??= performance.now();
    const frame = { kind: "frame", run, number, page: this.page, time_s: captured / 1000 };
    this.tell((model) => model.send(frame, undefined, [jpeg]));
  }

  // What the video shows now, as a JPEG; nothing where the browser cannot make one.
  async encode() {
    const { video, grabber } = this;
    const scale = Math.min(1, this.model.get("longest_side") / Math.max(video.videoWidth, video.videoHeight));
    const width = Math.round(video.videoWidth * scale);
    const height = Math.round(video.videoHeight * scale);
    if (grabber.width !== width || grabber.height !== height) Object.assign(grabber, { width, height });
    this.pixels.drawImage(video, 0, 0, width, height);
    const blob = await new Promise((done) => grabber.toBlob(done, "image/jpeg", this.model.get("quality")));
    return blob?.arrayBuffer();
  }

  acknowledged({ run, number, labels }, buffers) {
    const times = this.sent.get(number);
    if (!times || run !== this.run) return;
    this.sent.delete(number);
    this.frames += 1;
    this.pictured = true;
    this.stage.dataset.frames = this.frames;
    const view = buffers?.[0];
    this.draw(view ? new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength)) : null, labels);
    this.round.latencies.push(performance.now() - times.captured);
    this.report();
  }

  report() {
    const now = performance.now();
    const seconds = (now - this.round.since) / 1000;
    if (seconds < 1) return;
    const latencies = this.round.latencies.sort((a, b) => a - b);
    const fps = Math.round((10 * latencies.length) / seconds) / 10;
    const latency_ms = Math.round(latencies[latencies.length >> 1]);
    Object.assign(this.stage.dataset, { fps, latencyMs: latency_ms });
    this.model.set("stats", { fps, latency_ms });
    this.tell((model) => model.save_changes());
    this.round = { since: now, latencies: [] };
  }

  clear() {
    this.pictured = false;
    this.overlay.getContext("2d").clearRect(0, 0, this.overlay.width, this.overlay.height);
  }

  // What is left on the stage after a run.
  dimLastFrame() {
    if (!this.pictured) return;
    const { overlay, grabber } = this;
    const fit = Math.min(overlay.width / grabber.width, overlay.height / grabber.height);
    const [width, height] = [grabber.width * fit, grabber.height * fit];
    const context = overlay.getContext("2d");
    context.globalAlpha = 0.35;
    context.clearRect(0, 0, overlay.width, overlay.height);
    context.translate(overlay.width / 2, overlay.height / 2);
    context.scale(this.model.get("mirrored") ? -1 : 1, 1);
    context.drawImage(grabber, -width / 2, -height / 2, width, height);
    context.resetTransform();
  }

  // `points`: x, y (fractions of the frame), visibility of each landmark, or null for nobody.
  draw(points, labels = {}) {
    const { overlay, video } = this;
    const width = video.clientWidth * devicePixelRatio || 1;
    const height = video.clientHeight * devicePixelRatio || 1;
    if (overlay.width !== width || overlay.height !== height) Object.assign(overlay, { width, height });
    const context = overlay.getContext("2d");
    context.clearRect(0, 0, width, height);
    if (!points) return;
    // The video is fitted into the stage (object-fit: contain): find where its picture lies.
    const fit = Math.min(width / video.videoWidth, height / video.videoHeight);
    const [shown_w, shown_h] = [video.videoWidth * fit, video.videoHeight * fit];
    const [left, top] = [(width - shown_w) / 2, (height - shown_h) / 2];
    const mirrored = this.model.get("mirrored");
    const at = (i) => {
      const x = mirrored ? 1 - points[3 * i] : points[3 * i];
      return [left + x * shown_w, top + points[3 * i + 1] * shown_h];
    };
    const opacity = (i) => 0.15 + 0.85 * Math.min(1, Math.max(0, (points[3 * i + 2] - 0.2) / 0.5));
    const unit = Math.min(shown_w, shown_h) / 100;
    const style = getComputedStyle(this.stage);
    const limb = style.getPropertyValue("--df-skeleton") || "#c6f432";
    context.lineCap = "round";
    context.lineWidth = 1.1 * unit;
    context.strokeStyle = limb;
    const bones = this.model.get("bones");
    for (const [a, b] of bones) {
      context.globalAlpha = Math.min(opacity(a), opacity(b));
      context.beginPath();
      context.moveTo(...at(a));
      context.lineTo(...at(b));
      context.stroke();
    }
    context.fillStyle = "#fff";
    for (const joint of new Set(bones.flat())) {
      context.globalAlpha = opacity(joint);
      context.beginPath();
      context.arc(...at(joint), 0.9 * unit, 0, 2 * Math.PI);
      context.fill();
    }
    context.font = `600 ${Math.max(4.2 * unit, 11 * devicePixelRatio)}px ${style.fontFamily}`;
    context.textBaseline = "middle";
    context.lineWidth = 0.9 * unit;
    context.strokeStyle = "rgb(0 0 0 / 0.65)";
    context.globalAlpha = 1;
    const joints = [...new Set(bones.flat())].map(at);
    const centre = joints.reduce((sum, [x]) => sum + x, 0) / joints.length;
    const places = Object.entries(labels).map(([joint, text]) => {
      const [x, y] = at(Number(joint));
      const length = context.measureText(text).width;
      return { text, y, length, x: x < centre ? Math.max(0, x - 2.5 * unit - length) : x + 2.5 * unit };
    });
    for (const { text, x, y } of apart(places, 5 * unit)) {
      context.strokeText(text, x, y);
      context.fillText(text, x, y);
    }
  }

  paint() {
    const get = (name) => this.model.get(name);
    const { status, message } = this;
    const problem = this.lost ? LOST : get("failure") ? ["The coach has stopped", get("failure")] : PROBLEMS[status];
    const choosing = get("choosing") && !this.lost;
    this.stage.dataset.status = this.lost ? "lost" : get("failure") ? "failed" : status;
    this.stage.classList.toggle("df-mirrored", get("mirrored"));
    this.panel.replaceChildren();
    if (problem) {
      const [title, advice] = problem;
      this.panel.append(element("strong", "", { textContent: title || message }), element("p", "", { textContent: advice || message }));
      if (get("done") && !this.lost) this.panel.append(element("p", "", { textContent: get("done") }));
      if (choosing && !get("failure") && FILE_PROBLEMS.includes(status)) this.panel.append(this.chooser());
      else if (this.lost) this.panel.append(element("button", "df-button", { textContent: "Reload", onclick: () => location.reload() }));
      else this.panel.append(element("button", "df-button", { textContent: "Try again", onclick: () => this.model.send({ kind: "retry" }) }));
    } else if (status === "opening") {
      this.panel.append(element("span", "df-spinner", {}), element("p", "", { textContent: "Opening the picture…" }));
      if (get("mirrored")) this.panel.append(element("p", "", { textContent: "If the browser asks, allow it to use the camera." }));
    } else if (status === "muted") {
      this.panel.append(element("p", "", { textContent: "The camera sends no picture. Is its cover closed?" }));
    } else if (status === "idle" || status === "ended") {
      this.panel.append(element("p", "", { textContent: get("done") || get("invitation") }));
      const name = choosing && get("chosen")?.name;
      if (name) this.panel.append(element("p", "", { textContent: `Start plays ${name}.` }));
      if (choosing) this.panel.append(this.chooser());
    }
    this.panel.hidden = !this.panel.childElementCount;
  }

  chooser() {
    const input = element("input", "", { type: "file", accept: "video/*" });
    input.onchange = () => {
      const [file] = input.files;
      if (!file) return;
      if (!file.size) return this.setStatus("empty", file.name);
      if (this.url) URL.revokeObjectURL(this.url);
      this.url = URL.createObjectURL(file);
      this.model.set("chosen", { url: this.url, name: file.name });
      this.model.save_changes();
    };
    return element("label", "df-button df-chooser", {}, "Choose a video…", input);
  }
}

export default () => {
  let pump;
  let views = 0;
  return liveWidget({
    initialize({ model }) {
      pump = new Pump(model);
      return () => pump.close();
    },
    render({ el }) {
      el.classList.add("df-pump");
      el.append(pump.stage);
      views += 1;
      return () => {
        views -= 1;
        // In JupyterLab, when the cell is run again or its output is cleared.
        if (!views) pump.model.send({ kind: "hidden", page: pump.page });
      };
    },
  });
};
