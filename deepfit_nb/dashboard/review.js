// Front end of Review (review.py): which clip is looked at, and how far that has come. The parts that show it are in the
// files review_….js.

const SILENCE_LIMIT_MS = 20000; // long enough for a kernel that is busy with something else

class ReviewPage {
  constructor(model, root) {
    this.model = model;
    this.root = root;
    this.player = new Player(model, { send: (message) => this.send(message), changed: () => this.paintFrame() });
    this.frame = new FrameCard();
    this.sets = new SetsCard((time) => this.player.goTo(time));
    this.timeline = new Timeline(model, (time) => this.player.goTo(time));
    this.build();
    this.listen("msg:custom change:state change:message change:chosen change:progress change:opened", () => this.hear());
    this.listen("change:state change:message change:chosen", () => this.paintState());
    this.listen("change:progress", () => this.paintState());
    this.listen("change:opened", () => this.begin());
    this.listen("change:chosen", () => this.paintChoice());
    this.listen("change:state", () => this.model.get("state") === "working" && this.paintChoice());
    this.listen("msg:custom", (content, buffers) => content.kind === "table" && this.fill(content, buffers[0]));
    this.paintState();
    this.paintChoice();
    if (model.get("opened")) this.begin();
  }

  // Every message is answered. False where nobody hears it: a kernel that is restarted knows nothing of the widgets of the
  // one before. Where the server is gone, or the kernel stands still, there is but silence.
  send(message) {
    const again = document.getElementById("rendered_cells") ? "reload the page" : "run this cell again"; // voila has no cells
    try {
      this.model.send(message);
    } catch {
      this.lose(`The kernel is gone: ${again}.`);
      return false;
    }
    this.silence ??= setTimeout(() => this.lose(`The kernel does not answer. If it is gone, ${again}.`), SILENCE_LIMIT_MS);
    return true;
  }

  lose(message) {
    this.player.pause();
    this.player.lost = true;
    this.lost = message;
    this.paintChoice();
    this.paintState();
  }

  hear() {
    clearTimeout(this.silence);
    this.silence = undefined;
    if (!this.lost) return;
    this.lost = undefined;
    this.player.lost = false;
    this.paintState();
  }

  listen(events, handler) {
    this.model.on(events, handler);
    (this.heard ??= []).push([events, handler]);
  }

  close() {
    this.closed = true;
    clearTimeout(this.silence);
    this.player.close();
    this.timeline.close();
    this.leaveKeys();
    for (const [events, handler] of this.heard) this.model.off(events, handler);
  }

  build() {
    this.source = element("select", "df-select", { ariaLabel: "Clip", onchange: () => this.open(this.source.value) },
      ...this.model.get("sources").map(({ path, title }) => option(path, title)));
    this.path = element("input", "df-input", { type: "text", placeholder: "or the path of a video or recording", ariaLabel: "Path", spellcheck: false,
      onkeydown: (event) => { if (event.key === "Enter" && this.path.value.trim()) this.open(this.path.value.trim()); } });
    this.exercise = element("select", "df-select", { ariaLabel: "Exercise", onchange: () => this.open(this.model.get("chosen").path) },
      option("", "Recognise it for me"), ...this.model.get("exercises").map(({ name, title }) => option(name, title)));
    this.status = element("div", "df-status", { role: "status" });
    this.bar = element("div", "df-level");
    this.meter = element("div", "df-meter", {}, this.bar);

    this.root.tabIndex = 0;
    this.root.onkeydown = (event) => this.player.key(event);
    this.leaveKeys = keepKeys(this.root);
    this.root.append(
      element("div", "df-head", {}, element("div", "df-title", { role: "heading", ariaLevel: "1" }, "Deep", text("", "Fit", "em"), " review"), this.status, this.meter),
      element("div", "df-card df-controls", {}, this.source, this.path, this.exercise,
        element("label", "df-check", {}, this.player.skeleton, "Skeleton")),
      element("div", "df-review-main", {}, this.player.node, element("div", "df-side", {}, this.frame.node, this.sets.node)),
      this.timeline.node,
    );
  }

  open(path) {
    this.player.pause();
    this.send({ kind: "open", path, exercise: this.exercise.value || null });
  }

  paintChoice() {
    const { path = "", exercise } = this.model.get("chosen");
    this.exercise.value = exercise ?? "";
    this.source.value = path;
    const listed = this.source.value === path;
    if (!listed) this.source.selectedIndex = -1;
    if (this.model.get("state") !== "failed") this.path.value = listed ? "" : path; // else it stays, to be mended
  }

  paintState() {
    const state = this.lost ? "failed" : this.model.get("state");
    const { path, warnings = [] } = this.model.get("summary");
    const message = this.lost || this.model.get("message");
    this.status.textContent = message || (state === "ready" ? warnings.join(" ") : "");
    this.status.classList.toggle("df-failed", state === "failed");
    this.status.classList.toggle("df-warned", state === "ready" && !message);
    this.meter.classList.toggle("df-hidden", state !== "working");
    this.bar.style.width = `${100 * this.model.get("progress")}%`;
    this.root.dataset.state = state;
    // What is seen belongs to another clip, or to another exercise, than those that are named above it.
    this.root.classList.toggle("df-other-clip", state === "working" && Boolean(path) && path !== this.model.get("chosen").path);
    this.root.classList.toggle("df-other-exercise", state === "working");
  }

  begin() {
    this.player.pause();
    this.clip = this.model.get("summary");
    this.player.begin(this.clip);
    this.paintState();
    this.sets.begin(this.clip);
    this.timeline.begin(this.clip);
    this.send({ kind: "table", opened: this.model.get("opened") });
    this.player.go(0);
    this.takeKeys();
  }

  // Have the keys come here, unless somebody is at work elsewhere on the page. In JupyterLab that is always so: the
  // notebook has the focus, and who runs cell after cell wants it to keep it. There the page asks for a click.
  takeKeys() {
    if (this.closed) return;
    if (!this.root.isConnected) return requestAnimationFrame(() => this.takeKeys());
    const { activeElement } = document;
    if (activeElement === document.body || this.root.contains(activeElement)) this.root.focus({ preventScroll: true });
  }

  fill({ opened }, view) {
    if (opened !== this.model.get("opened")) return;
    const values = new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
    const width = values.length / this.clip.frames;
    this.player.fill(Array.from({ length: this.clip.frames }, (_, i) => values.subarray(i * width, (i + 1) * width)));
  }

  paintFrame() {
    const time = this.player.time();
    const row = this.player.rows?.[this.player.index];
    if (row) {
      this.frame.paint(this.clip, row);
      this.sets.mark(time);
    }
    this.timeline.mark(time);
  }
}

export default () =>
  liveWidget({
    initialize() {},
    render({ model, el }) {
      el.classList.add("df-app", "df-review");
      const page = new ReviewPage(model, el);
      return () => page.close();
    },
  });
