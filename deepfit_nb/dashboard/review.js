// Front end of Review (review.py).

const KEPT_FRAMES = 400;
const ANSWER_TIMEOUT_MS = 3000;

const text = (className, textContent = "", tag = "div") => element(tag, className, { textContent });
const card = (className, title, ...children) =>
  element("section", `df-card ${className}`, {}, element("header", "df-card-head", {}, text("", title, "h2")), ...children);
const button = (label, title, onclick) => element("button", "df-button df-step", { textContent: label, title, ariaLabel: title, type: "button", onclick });
const FROM = { side: "seen from the side", front: "seen from the front", oblique: "seen at an angle", behind: "seen from behind" };
const degrees = (value) => (Number.isFinite(value) ? `${Math.round(value)}°` : "–");

// Pictures of a clip by number: asks the kernel for one at a time, the latest that is wanted, and keeps what came.
class Pictures {
  constructor(model, send, show) {
    this.model = model;
    this.send = send;
    this.show = show;
    this.kept = new Map();
    model.on("msg:custom", (content, buffers) => content.kind === "frame" && this.receive(content, buffers[0]));
  }

  clear() {
    for (const url of this.kept.values()) URL.revokeObjectURL(url);
    this.kept.clear();
    clearTimeout(this.timer);
    this.asked = this.wanted = undefined;
  }

  want(index, skeleton) {
    const key = `${index} ${skeleton}`;
    if (this.kept.has(key)) {
      this.wanted = undefined;
      this.show(this.kept.get(key), index);
      return;
    }
    this.wanted = { index, skeleton, key };
    if (!this.asked) this.ask();
  }

  ask() {
    this.asked = this.wanted;
    if (!this.asked) return;
    const { index, skeleton } = this.asked;
    clearTimeout(this.timer);
    if (!this.send({ kind: "frame", opened: this.model.get("opened"), index, skeleton })) return;
    this.timer = setTimeout(() => this.ask(), ANSWER_TIMEOUT_MS);
  }

  receive({ opened, index, skeleton }, bytes) {
    if (opened !== this.model.get("opened")) return;
    const key = `${index} ${skeleton}`;
    if (!this.kept.has(key)) this.kept.set(key, URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" })));
    if (this.kept.size > KEPT_FRAMES) {
      const [oldest, url] = this.kept.entries().next().value;
      this.kept.delete(oldest);
      URL.revokeObjectURL(url);
    }
    if (this.asked?.key !== key) return;
    clearTimeout(this.timer);
    this.show(this.kept.get(key), index);
    if (this.wanted?.key === key) this.wanted = undefined;
    this.ask();
  }
}

class ReviewPage {
  constructor(model, root) {
    this.model = model;
    this.root = root;
    this.index = 0;
    this.pictures = new Pictures(model, (message) => this.send(message), (url, index) => {
      this.picture.src = url;
      this.picture.dataset.index = index;
    });
    this.build();
    this.listen("change:state change:message change:chosen", () => this.paintState());
    this.listen("change:progress", () => this.paintState());
    this.listen("change:opened", () => this.begin());
    this.listen("change:chosen", () => this.paintChoice());
    this.listen("msg:custom", (content, buffers) => content.kind === "table" && this.fill(content, buffers[0]));
    this.paintState();
    this.paintChoice();
    if (model.get("opened")) this.begin();
  }

  // False where nobody hears it: a kernel that is restarted knows nothing of the widgets of the one before.
  send(message) {
    try {
      this.model.send(message);
      return true;
    } catch {
      this.pause();
      this.lost = true;
      this.paintChoice();
      this.paintState();
      return false;
    }
  }

  listen(events, handler) {
    this.model.on(events, handler);
    (this.heard ??= []).push([events, handler]);
  }

  close() {
    this.pause();
    this.closed = true;
    this.resizing.disconnect();
    this.leaveKeys();
    this.pictures.clear();
    for (const [events, handler] of this.heard) this.model.off(events, handler);
  }

  build() {
    const option = (value, label) => element("option", "", { value, textContent: label });
    this.source = element("select", "df-select", { ariaLabel: "Clip", onchange: () => this.open(this.source.value) },
      ...this.model.get("sources").map(({ path, title }) => option(path, title)));
    this.path = element("input", "df-input", { type: "text", placeholder: "or the path of a video or recording", ariaLabel: "Path", spellcheck: false,
      onkeydown: (event) => { if (event.key === "Enter" && this.path.value.trim()) this.open(this.path.value.trim()); } });
    this.exercise = element("select", "df-select", { ariaLabel: "Exercise", onchange: () => this.open(this.model.get("chosen").path) },
      option("", "Recognise it for me"), ...this.model.get("exercises").map(({ name, title }) => option(name, title)));
    this.status = element("div", "df-status", { role: "status" });
    this.bar = element("div", "df-level");
    this.meter = element("div", "df-meter", {}, this.bar);

    this.picture = element("img", "df-picture", { alt: "The frame with its skeleton" });
    this.slider = element("input", "df-slider", { type: "range", min: 0, max: 0, value: 0, ariaLabel: "Frame",
      oninput: () => { this.pause(); this.go(Number(this.slider.value)); } });
    this.playButton = button("▶", "Play (space)", () => (this.playing ? this.pause() : this.play()));
    this.playButton.classList.add("df-play");
    this.clock = text("df-clock");
    this.speed = element("select", "df-select df-speed", { ariaLabel: "Speed" }, ...[0.25, 0.5, 1, 2].map((s) => option(s, `${s}×`)));
    this.speed.value = 1;
    this.skeleton = element("input", "", { type: "checkbox", checked: true, onchange: () => this.go(this.index) });

    this.now = element("div", "df-now");
    this.angles = element("tbody");
    this.sets = element("div", "df-reviewed-sets");
    this.plot = element("div", "df-timeline-plot");
    this.cursor = element("div", "df-cursor");

    this.root.tabIndex = 0;
    this.root.onkeydown = (event) => this.key(event);
    this.leaveKeys = keepKeys(this.root);
    this.root.append(
      element("div", "df-head", {}, element("div", "df-title", { role: "heading", ariaLevel: "1" }, "Deep", text("", "Fit", "em"), " review"), this.status, this.meter),
      element("div", "df-card df-controls", {}, this.source, this.path, this.exercise,
        element("label", "df-check", {}, this.skeleton, "Skeleton")),
      element("div", "df-review-main", {},
        element("section", "df-card df-viewer", {}, element("div", "df-frame", {}, this.picture),
          this.slider,
          element("div", "df-transport", {},
            button("«", "Previous rep (shift ←)", () => this.jump(-1)), button("‹", "Previous frame (←)", () => this.step(-1)),
            this.playButton,
            button("›", "Next frame (→)", () => this.step(1)), button("»", "Next rep (shift →)", () => this.jump(1)),
            this.clock, this.speed),
          element("p", "df-keys", {}, text("df-keys-off", "For the keys, click the picture first: ", "span"),
            "space plays · ← → frame by frame · shift + ← → rep by rep · Home, End")),
        element("div", "df-side", {},
          card("df-frame-card", "This frame", this.now,
            element("table", "df-angles-table", {},
              element("thead", "", {}, element("tr", "", {}, ...["Angle", "Left", "Right"].map((label) => text("", label, "th")))), this.angles)),
          card("df-sets-card", "Sets and reps", this.sets))),
      card("df-timeline", "Angles over time", element("div", "df-timeline-stage", {}, this.plot, this.cursor)),
    );
    plotly(this.model).then((library) => { this.plotly = library; this.draw(); });
    // Plotly refuses, with an error, where the plot is not displayed, as while its cell is being deleted or hidden.
    this.resizing = new ResizeObserver(() => this.plot.data && this.plot.offsetParent && this.plotly.Plots.resize(this.plot));
    this.resizing.observe(this.plot);
  }

  open(path) {
    this.pause();
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
    const message = this.lost ? "The kernel is gone: run this cell again." : this.model.get("message");
    this.status.textContent = message || (state === "ready" ? warnings.join(" ") : "");
    this.status.classList.toggle("df-failed", state === "failed");
    this.meter.classList.toggle("df-hidden", state !== "working");
    this.bar.style.width = `${100 * this.model.get("progress")}%`;
    this.root.dataset.state = state;
    // What is seen belongs to another clip, or to another exercise, than those that are named above it.
    this.root.classList.toggle("df-other-clip", state === "working" && Boolean(path) && path !== this.model.get("chosen").path);
    this.root.classList.toggle("df-other-exercise", state === "working");
  }

  begin() {
    this.pause();
    this.clip = this.model.get("summary");
    this.rows = undefined;
    this.pictures.clear();
    this.slider.max = this.clip.frames - 1;
    this.paintState();
    this.paintSets();
    this.draw();
    this.send({ kind: "table", opened: this.model.get("opened") });
    this.index = 0;
    this.go(0);
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
    this.rows = Array.from({ length: this.clip.frames }, (_, i) => values.subarray(i * width, (i + 1) * width));
    this.go(this.index);
  }

  time(index) {
    return this.rows ? this.rows[index][0] : index / this.clip.fps;
  }

  // The last frame that is not after `time`.
  indexAt(time) {
    let [low, high] = [0, this.clip.frames - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.time(middle) <= time + 1e-4) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  // The first frame that is not before `time`.
  goTo(time) {
    this.pause();
    const index = this.indexAt(time);
    this.go(this.time(index) < time - 1e-3 ? index + 1 : index);
  }

  go(index) {
    if (!this.clip) return;
    this.index = Math.min(Math.max(index, 0), this.clip.frames - 1);
    this.slider.value = this.index;
    this.clock.textContent = `${this.time(this.index).toFixed(2)} s · frame ${this.index + 1} of ${this.clip.frames}`;
    this.pictures.want(this.index, this.skeleton.checked);
    this.paintFrame();
    this.paintCursor();
  }

  step(by) { this.pause(); this.go(this.index + by); }

  // To the start of the next rep, or of this or the one before.
  jump(direction) {
    const starts = this.clip.sets.flatMap(({ reps }) => reps.map(({ start_s }) => start_s));
    const now = this.time(this.index);
    const target = direction > 0 ? starts.find((s) => s > now + 0.05) : starts.findLast((s) => s < now - 0.05);
    if (target !== undefined) this.goTo(target);
  }

  key(event) {
    if (event.target.matches("input[type=text], select") || event.ctrlKey || event.metaKey || event.altKey) return;
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const end = { Home: 0, End: Infinity }[event.key];
    if (event.key === " " && !event.target.matches("button, input")) this.playing ? this.pause() : this.play();
    else if (by) event.shiftKey ? this.jump(by) : this.step(by);
    else if (end !== undefined) { this.pause(); this.go(end); }
    else return;
    event.preventDefault();
  }

  play() {
    if (!this.clip || this.lost) return;
    if (this.index >= this.clip.frames - 1) this.go(0);
    let [before, time] = [performance.now(), this.time(this.index)];
    this.playButton.textContent = "❚❚";
    const tick = (now) => {
      time += (Math.max(0, now - before) / 1000) * Number(this.speed.value);
      before = now;
      const index = this.indexAt(time);
      if (index !== this.index) this.go(index);
      if (index >= this.clip.frames - 1) return this.pause();
      this.playing = requestAnimationFrame(tick);
    };
    this.playing = requestAnimationFrame(tick);
  }

  pause() {
    cancelAnimationFrame(this.playing);
    this.playing = undefined;
    this.playButton.textContent = "▶";
  }

  paintFrame() {
    const row = this.rows?.[this.index];
    if (!row) return;
    const { angles, classes, phases } = this.clip;
    const count = angles.length;
    const [label, confidence, rep, phase, seen] = row.subarray(1 + 2 * count);
    const facts = seen
      ? [["Looks like", `${classes[label]}${confidence ? ` · ${Math.round(100 * confidence)} %` : ""}`], ["Rep", rep ? `${rep}, ${phases[phase]}` : "–"]]
      : [["Looks like", "Nobody is seen"], ["Rep", "–"]];
    this.now.replaceChildren(...facts.flatMap(([term, fact]) => [text("df-term", term), text("df-fact", fact)]));
    const cells = {};
    angles.forEach(({ name }, i) => {
      const side = name.match(/_(left|right)$/)?.[1] ?? "middle";
      (cells[name.replace(/_(left|right)$/, "")] ??= {})[side] = [row[1 + i], row[1 + count + i]];
    });
    this.angles.replaceChildren(...Object.entries(cells).map(([joint, { left, right, middle }]) => {
      const cell = ([value, error]) => element("td", Number.isFinite(value) && error < 15 ? "" : "df-unsure", {}, degrees(value),
        text("df-error", Number.isFinite(value) ? ` ±${Math.round(error)}` : "", "span"));
      const name = joint.replace("_", " ");
      const values = middle ? [Object.assign(cell(middle), { colSpan: 2 })] : [cell(left), cell(right)];
      return element("tr", "", {}, text("", name[0].toUpperCase() + name.slice(1), "th"), ...values);
    }));
    // A frame's time may lie a rounding error before the border that it is: it belongs to one rep, the later one.
    const now = this.time(this.index) + 0.002;
    for (const item of this.sets.querySelectorAll("[data-start]"))
      item.classList.toggle("df-current", now >= item.dataset.start && now < item.dataset.end);
  }

  paintSets() {
    const seek = (time) => () => this.goTo(time);
    const rows = this.clip.sets.flatMap(({ title, count, view, reps }) => [
      element("div", "df-set-name", {}, text("", title, "strong"), [` ${count} ${count === 1 ? "rep" : "reps"}`, FROM[view]].filter(Boolean).join(", ")),
      ...reps.map((rep) => {
        const row = element("button", "df-rep", { type: "button", title: "Go to this rep", onclick: seek(rep.start_s) },
          text("df-rep-number", rep.partial ? "½" : rep.number, "span"),
          text("", `${rep.start_s.toFixed(1)} s`, "span"), text("", rep.rom_deg === null ? "–" : `${Math.round(rep.rom_deg)}° range`, "span"),
          element("span", "df-rep-faults", {}, ...(rep.faults.length
            ? rep.faults.map((fault) => element("span", "df-fault", { textContent: fault.title, title: `${fault.measured}: go to the moment`,
                onclick: (event) => { event.stopPropagation(); seek(fault.at_s)(); } }))
            : [text("df-clean", rep.partial ? "partial" : "clean", "span")])));
        Object.assign(row.dataset, { start: rep.start_s, end: rep.end_s });
        return row;
      }),
    ]);
    this.sets.replaceChildren(...(rows.length ? rows : [text("df-none", this.clip.detected ? "No exercise was recognised." : "Nobody was seen.")]));
  }

  async draw() {
    if (!this.plotly || !this.clip) return;
    const { data, layout } = structuredClone(this.clip.figure);
    layout.height = 320;
    await this.plotly.react(this.plot, data, layout, { displayModeBar: false, responsive: true, scrollZoom: true });
    if (!this.drawn) {
      this.plot.on("plotly_click", ({ points }) => this.goTo(points[0].x));
      this.plot.on("plotly_relayout", () => this.paintCursor());
      this.plot.on("plotly_relayouting", () => this.paintCursor());
      this.plot.on("plotly_afterplot", () => this.paintCursor());
      this.drawn = true;
    }
    this.paintCursor();
  }

  // The cursor lies over the plot: moving it costs nothing, while Plotly would draw all anew.
  paintCursor() {
    const axis = this.plot._fullLayout?.xaxis;
    if (!axis || !this.clip) return;
    const x = axis.d2p(this.time(this.index));
    const { t, h } = this.plot._fullLayout._size;
    Object.assign(this.cursor.style, { left: `${axis._offset + x}px`, top: `${t}px`, height: `${h}px`, display: x >= 0 && x <= axis._length ? "" : "none" });
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
