// FramePump: the video's frames on their way to the kernel, as many at a time as there are credits.

const ACKNOWLEDGEMENT_TIMEOUT_MS = 3000;
const SILENCE_LIMIT_MS = 30000; // long enough for a slow machine to load the pose model

// `send(frame, jpeg)` hands a frame to the kernel; `giveUp()` is called where the kernel answers none for long.
class Frames {
  constructor(model, video, { send, giveUp }) {
    Object.assign(this, { model, video, send, giveUp });
    this.grabber = document.createElement("canvas");
    this.pixels = this.grabber.getContext("2d", { alpha: false, willReadFrequently: true });
    this.number = 0;
    this.captured = 0; // when the latest frame was taken
    this.encoding = false;
    this.sent = new Map(); // number -> { captured, posted }, all in performance.now() time
    this.count = 0; // of those that were answered
  }

  begin(run) {
    this.unanswered = null; // when the oldest frame was sent since the kernel was heard
    this.grabbed = performance.now();
    this.run = run;
    this.since = undefined; // a camera may take its time: the first answer begins what is measured
  }

  end() {
    this.run = 0;
    this.sent.clear();
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
    this.send({ kind: "frame", run, number, time_s: captured / 1000 }, jpeg);
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

  heard() {
    this.unanswered = null;
  }

  // The kernel has not looked at it.
  skipped({ number }) {
    this.sent.delete(number);
  }

  // The kernel has looked at it, and `draw` shows what it saw. False where nobody waits for it any more.
  acknowledged({ run, number }, draw) {
    const times = this.sent.get(number);
    if (!times || run !== this.run) return false;
    this.sent.delete(number);
    this.count += 1;
    draw();
    if (this.since === undefined) this.measureAnew();
    else this.latencies.push(performance.now() - times.captured);
    return true;
  }

  measureAnew() {
    this.since = performance.now();
    this.latencies = [];
  }

  // Once a second, how quick it went: `fps` and `latency_ms`, the median from capture to drawn overlay; else undefined.
  measured() {
    const seconds = (performance.now() - this.since) / 1000;
    if (!(seconds >= 1)) return undefined;
    const latencies = this.latencies.sort((a, b) => a - b);
    const fps = Math.round((10 * latencies.length) / seconds) / 10;
    const latency_ms = Math.round(latencies[latencies.length >> 1]);
    this.measureAnew();
    return { fps, latency_ms };
  }
}
