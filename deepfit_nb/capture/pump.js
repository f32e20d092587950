// Front end of FramePump (pump.py): one stage with a video, and a canvas over it for the skeleton. Here a run begins,
// is told of and ends; its parts are in the files pump_….js.

class Pump {
  constructor(model) {
    this.model = model;
    this.video = element("video", "", { muted: true, playsInline: true });
    this.source = new Source(model);
    this.frames = new Frames(model, this.video, {
      send: (frame, jpeg) => this.tell((model) => model.send({ ...frame, page: this.page }, undefined, [jpeg])),
      giveUp: () => this.giveUp(),
    });
    this.overlay = new Overlay(model, this.video);
    this.panel = new Panel(model, (name) => this.setStatus("empty", name));
    this.stage = element("div", "df-stage", {}, this.video, this.overlay.canvas, this.panel.node);
    this.page = Date.now(); // of two pages of one kernel the later one is followed
    this.run = 0;
    [this.status, this.message] = ["idle", ""]; // this page's own: another one may write the model's

    model.on("change:run", () => this.follow());
    model.on("change:invitation", () => this.run || this.setStatus("idle")); // another source was chosen
    for (const name of ["invitation", "done"]) model.on(`change:${name}`, () => this.run || model.get("done") || this.overlay.clear());
    for (const name of ["choosing", "chosen", "done", "failure", "mirrored"]) model.on(`change:${name}`, () => this.paint());
    model.on("msg:custom", (content, buffers) => {
      const mine = content.page === this.page; // another page of this kernel hears all answers too
      if (mine && content.kind === "ack") this.acknowledged(content, buffers);
      if (mine && content.kind === "skip") this.frames.skipped(content);
      this.frames.heard();
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
    if (run) this.open(run);
    else if (["opening", "live", "muted"].includes(this.status)) this.setStatus("idle");
  }

  close() {
    if (!this.run) return;
    this.run = 0;
    this.onClose.abort(); // what the run still waits for, such as a permission, comes too late
    if (this.video.srcObject) stopTracks(this.video.srcObject);
    this.video.srcObject = null;
    this.source.pause();
    this.frames.end();
    this.overlay.dim(this.frames.grabber);
  }

  async open(run) {
    this.lost = false;
    this.overlay.clear();
    this.frames.begin(run);
    this.onClose = new AbortController();
    const { signal } = this.onClose;
    const current = () => !signal.aborted; // the run's number alone may be opened twice, see comeBack
    let stream;
    this.setStatus("opening");
    if (!current()) return;
    try {
      stream = await this.source.open(signal);
      const [track] = stream.getVideoTracks();
      if (!current()) return stopTracks(stream); // the user took their time to allow it
      if (!track) throw new Problem("unplayable", "it has no picture");
      const { media } = this.source;
      const ended = () => current() && this.setStatus(media ? "ended" : "disconnected");
      (media ?? track).addEventListener("ended", ended, { signal });
      track.addEventListener("mute", () => current() && !media && this.setStatus("muted"), { signal });
      track.addEventListener("unmute", () => current() && !media && this.setStatus("live"), { signal });
      this.video.srcObject = stream;
      await this.video.play();
      if (!current()) return;
      this.setStatus("live", track.label);
      this.frames.watch(run);
      if (media) this.source.guard((where) => this.setStatus("broken", where));
    } catch (error) {
      if (stream) stopTracks(stream);
      if (!current()) return;
      this.setStatus(statusOf(error), error.message);
      this.close();
    }
  }

  acknowledged(content, buffers) {
    const view = buffers?.[0];
    const points = view ? new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength)) : null;
    if (!this.frames.acknowledged(content, () => this.overlay.draw(points, content.labels))) return;
    this.stage.dataset.frames = this.frames.count;
    const stats = this.frames.measured();
    if (!stats) return;
    Object.assign(this.stage.dataset, { fps: stats.fps, latencyMs: stats.latency_ms });
    this.model.set("stats", stats);
    this.tell((model) => model.save_changes());
  }

  paint() {
    this.stage.dataset.status = this.lost ? "lost" : this.model.get("failure") ? "failed" : this.status;
    this.stage.classList.toggle("df-mirrored", this.model.get("mirrored"));
    this.panel.paint(this);
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
