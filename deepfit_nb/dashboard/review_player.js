// Review: the picture, and the ways to go from frame to frame.

const button = (label, title, onclick) => element("button", "df-button df-step", { textContent: label, title, ariaLabel: title, type: "button", onclick });

// `send(message)` is false where no kernel hears it; `changed()` is called when another frame is shown.
class Player {
  constructor(model, { send, changed }) {
    this.index = 0;
    this.changed = changed;
    this.pictures = new Pictures(model, send, (url, index) => {
      this.picture.src = url;
      this.picture.dataset.index = index;
    });
    this.picture = element("img", "df-picture", { alt: "The frame with its skeleton" });
    this.slider = element("input", "df-slider", { type: "range", min: 0, max: 0, value: 0, ariaLabel: "Frame",
      oninput: () => { this.pause(); this.go(Number(this.slider.value)); } });
    this.playButton = button("▶", "Play (space)", () => (this.playing ? this.pause() : this.play()));
    this.playButton.classList.add("df-play");
    this.clock = text("df-clock");
    this.speed = element("select", "df-select df-speed", { ariaLabel: "Speed" }, ...[0.25, 0.5, 1, 2].map((s) => option(s, `${s}×`)));
    this.speed.value = 1;
    this.skeleton = element("input", "", { type: "checkbox", checked: true, onchange: () => this.go(this.index) });
    this.node = element("section", "df-card df-viewer", {}, element("div", "df-frame", {}, this.picture),
      this.slider,
      element("div", "df-transport", {},
        button("«", "Previous rep (shift ←)", () => this.jump(-1)), button("‹", "Previous frame (←)", () => this.step(-1)),
        this.playButton,
        button("›", "Next frame (→)", () => this.step(1)), button("»", "Next rep (shift →)", () => this.jump(1)),
        this.clock, this.speed),
      element("p", "df-keys", {}, text("df-keys-off", "For the keys, click the picture first: ", "span"),
        "space plays · ← → frame by frame · shift + ← → rep by rep · Home, End"));
  }

  begin(clip) {
    this.clip = clip;
    this.rows = undefined;
    this.pictures.clear();
    this.slider.max = clip.frames - 1;
  }

  close() {
    this.pause();
    this.pictures.clear();
  }

  // `rows`: of each frame its time, and what else is known of it.
  fill(rows) {
    this.rows = rows;
    this.go(this.index);
  }

  // Seconds from the beginning of the clip.
  time(index = this.index) {
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
    this.clock.textContent = `${this.time().toFixed(2)} s · frame ${this.index + 1} of ${this.clip.frames}`;
    this.pictures.want(this.index, this.skeleton.checked);
    this.changed();
  }

  step(by) { this.pause(); this.go(this.index + by); }

  // To the start of the next rep, or of this or the one before.
  jump(direction) {
    if (!this.clip) return;
    const starts = this.clip.sets.flatMap(({ reps }) => reps.map(({ start_s }) => start_s));
    const now = this.time();
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
    let [before, time] = [performance.now(), this.time()];
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
}
