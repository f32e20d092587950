// FramePump: the browser's stream behind an ipywebrtc model. It is a camera, or a file that is played as if it were one.

const OPENING_TIMEOUT_MS = 15000;
const STANDSTILL_MS = 3000; // a file that stands still for so long while it should play has no more to play
const LOOK_MS = 500;

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

class Problem extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

const statusOf = (error) => error.status ?? PROBLEM_OF_ERROR[error.name] ?? "error";
const referencedId = (reference) => reference.replace(/^(IPY_MODEL_|anywidget:)/, "");
const rejectAfter = (ms, problem) => new Promise((_, reject) => setTimeout(() => reject(problem), ms));
const failureOf = (media) =>
  new Promise((_, reject) => {
    const fail = () => reject(new Problem("unplayable", media.error?.message ?? ""));
    if (media.error) fail();
    else media.addEventListener("error", fail, { once: true });
  });
const stopTracks = (stream) => stream.getTracks().forEach((track) => track.stop());

// The stream that the pump's model names. What is awaited of it ends with `signal`, which is the run's.
class Source {
  constructor(model) {
    this.model = model;
  }

  // The element that plays the file; undefined for a camera.
  get media() {
    return this.webrtc.media;
  }

  pause() {
    this.webrtc?.media?.pause?.();
  }

  async open(signal) {
    this.signal = signal;
    this.webrtc = await this.model.widget_manager.get_model(referencedId(this.model.get("stream")));
    signal.throwIfAborted();
    const { webrtc } = this;
    if (typeof webrtc.captureStream !== "function")
      throw new Problem("error", "The extension jupyter-webrtc is not loaded: install ipywebrtc where the server runs.");
    const isCamera = webrtc.get("constraints") !== undefined;
    if (!isCamera) {
      const late = rejectAfter(OPENING_TIMEOUT_MS, new Problem("unplayable", "it did not start to play"));
      const playback = this.play(signal);
      playback.then((stream) => signal.aborted && stopTracks(stream)).catch(() => {}); // the race is over by then
      return Promise.race([playback, late]);
    }
    if (!navigator.mediaDevices?.getUserMedia) throw new Problem("insecure", "getUserMedia is missing");
    // ipywebrtc keeps the promise of its first try, which may be a refusal or a stream that was stopped since.
    webrtc.cameraStream = undefined;
    return webrtc.captureStream();
  }

  async play(signal) {
    const { webrtc } = this;
    if (webrtc.media?.error) webrtc.media.load(); // else it would not try again
    else if (webrtc.media) webrtc.media.currentTime = 0;
    const captured = webrtc.captureStream(); // which waits until it can play, if need be for ever, and begins to
    captured.catch(() => {}); // a failure is seen below, or has come too late
    await webrtc.createView?.();
    const stream = await Promise.race([captured, failureOf(webrtc.media)]);
    webrtc.media.muted = true;
    const replayed = !this.signal.aborted && this.webrtc === webrtc; // by a later run
    if (!signal.aborted) await webrtc.media.play();
    else if (!replayed) webrtc.media.pause();
    return stream;
  }

  // Call `tell` where a file breaks off: at its end the browser would wait for the rest for ever. Looks are counted, and
  // not the time, which may pass without any while the machine sleeps.
  guard(tell) {
    const { media, signal } = this;
    let [before, stood] = [-1, 0];
    const look = () => {
      if (signal.aborted || media.ended) return;
      const moves = media.currentTime !== before || media.paused || document.hidden;
      stood = moves ? 0 : stood + 1;
      before = media.currentTime;
      if (media.error || stood * LOOK_MS >= STANDSTILL_MS) tell(`The file breaks off after ${before.toFixed(1)} s`);
      else setTimeout(look, LOOK_MS);
    };
    look();
  }
}
