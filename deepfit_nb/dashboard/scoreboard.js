// Front end of Scoreboard (scoreboard.py). Its parts take their places in the page's grid, see dashboard.css.

const PHASES = { eccentric: "▼", concentric: "▲", idle: "" };

// Buttons of the personal range: what they say, what they ask the kernel for, and what that means.
const RANGE_ACTIONS = {
  calibrate: ["Calibrate", "calibrate", "Do five reps as far as is comfortable. They show how far your body goes, and the targets follow."],
  again: ["Again", "calibrate", "Calibrate anew with five reps"],
  forget: ["Forget", "forget", "Delete your range; you are judged by the book again"],
  cancel: ["Cancel", "cancel", "Leave your range as it is"],
};
const PERSON_KEY = "deepfit-person"; // in the browser's storage: a kernel lives no longer than its page

class Board {
  constructor(model) {
    this.model = model;
    const part = (className, properties = {}) => element("div", className, properties);
    this.exercise = part("df-exercise");
    this.set = part("df-set");
    this.reps = part("df-reps", { role: "status", ariaLabel: "Repetitions" });
    this.unit = part("df-unit");
    this.level = part("df-level");
    this.confidence = part("df-confidence");
    this.cue = part("df-cue", { role: "status", ariaLive: "assertive" });
    this.framing = part("df-framing", { role: "status", ariaLive: "polite" });
    this.list = element("ol", "df-history");
    this.past = part("df-past");

    this.voice = element("button", "df-tool", { textContent: "Speak cues", type: "button", ariaPressed: "false" });
    this.voice.hidden = !("speechSynthesis" in window);
    this.voice.onclick = () => {
      this.speaks = !this.speaks;
      this.voice.ariaPressed = String(this.speaks);
      if (this.speaks) this.say("I will speak the cues");
    };
    this.save = element("button", "df-tool", { textContent: "Save session", type: "button" });
    this.save.onclick = () => model.send({ kind: "save" });

    this.rangeText = element("p", "", { role: "status" });
    this.rangeActions = element("div", "df-range-actions");
    this.person = element("input", "df-person", { type: "text", placeholder: "Your name", ariaLabel: "Your name", autocomplete: "name", maxLength: 40, spellcheck: false });
    this.person.title = "Whose range it is, where several people train here";
    this.person.onchange = () => this.introduce(this.person.value.trim());
    this.range = part("df-range");
    this.range.append(this.rangeText, element("div", "df-range-foot", {}, this.person, this.rangeActions));

    this.score = element("section", "df-card df-score", { ariaLabel: "Score" },
      element("header", "df-card-head", {}, this.exercise, this.set),
      element("div", "df-count", {}, this.reps, this.unit),
      element("div", "df-sure", {}, element("div", "df-meter", {}, this.level), this.confidence, this.voice),
      this.range,
    );
    this.sets = element("section", "df-card df-sets", {},
      element("header", "df-card-head", {}, element("h2", "", { textContent: "Sets" }), this.save),
      this.list,
      this.past,
    );
    const repaint = { score: ["exercise", "confidence", "reps", "partial_reps", "sets", "phase", "fixed", "live", "ready"], range: ["range", "person"], messages: ["cue", "framing"], sets: ["history", "can_save"], past: ["past", "unkept"] };
    const painters = { score: () => this.paintScore(), range: () => this.paintRange(), messages: () => this.paintMessages(), sets: () => this.paintSets(), past: () => this.paintPast() };
    for (const [name, traits] of Object.entries(repaint)) {
      model.on(traits.map((trait) => `change:${trait}`).join(" "), painters[name]);
      painters[name]();
    }
    model.on("msg:custom", (content, buffers) => content.kind === "download" && this.download(content, buffers[0]));
    this.introduce(this.remembered());
  }

  // A browser may keep its storage from the page; then nobody is remembered.
  remembered() {
    try {
      return localStorage.getItem(PERSON_KEY) ?? "";
    } catch {
      return "";
    }
  }

  introduce(person) {
    try {
      localStorage.setItem(PERSON_KEY, person);
    } catch {}
    if (person === this.model.get("person")) return;
    this.model.set("person", person);
    this.model.save_changes();
  }

  paintRange() {
    const { text = "", actions = [], learning = false } = this.model.get("range");
    this.rangeText.textContent = text;
    this.range.classList.toggle("df-learning", learning);
    // Not while the name is being typed.
    if (document.activeElement !== this.person) this.person.value = this.model.get("person");
    this.person.parentElement.hidden = !actions.length;
    this.rangeActions.replaceChildren(
      ...actions.map((action) => {
        const [textContent, kind, title] = RANGE_ACTIONS[action];
        return element("button", "df-tool", { textContent, title, type: "button", onclick: () => this.model.send({ kind }) });
      }),
    );
  }

  paintScore() {
    const get = (name) => this.model.get(name);
    const exercise = get("exercise");
    this.exercise.textContent = exercise || (get("live") ? "Waiting for you to move" : get("ready") ? "Ready when you are" : "Not ready yet");
    this.exercise.classList.toggle("df-waiting", !exercise);
    this.set.textContent = get("sets") ? `Set ${get("sets")}` : "";
    const reps = String(get("reps"));
    if (this.reps.textContent !== reps) {
      this.reps.textContent = reps;
      this.reps.getAnimations().forEach((running) => running.cancel());
      const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
      if (reps !== "0" && !still) this.reps.animate([{ transform: "scale(1.18)" }, { transform: "none" }], { duration: 320, easing: "ease-out" });
    }
    const partial = get("partial_reps");
    this.unit.replaceChildren(
      element("span", "df-phase", { textContent: PHASES[get("phase")], ariaHidden: "true" }),
      element("span", "", { textContent: get("reps") === 1 ? "rep" : "reps" }),
      element("span", "df-partial", { textContent: partial ? `${partial} partial` : "" }),
    );
    const recognised = exercise && !get("fixed") && get("confidence") > 0;
    this.level.parentElement.hidden = !recognised;
    this.level.style.width = `${recognised ? get("confidence") : 0}%`;
    this.confidence.textContent = recognised ? `${get("confidence")} % sure` : exercise && get("fixed") ? "chosen by you" : "";
  }

  paintMessages() {
    for (const name of ["cue", "framing"]) {
      const { text = "", severity = "info" } = this.model.get(name);
      const node = this[name];
      if (node.textContent !== text) {
        node.textContent = text;
        if (text && this.speaks) this.say(text);
      }
      node.dataset.severity = severity;
      node.hidden = !text;
    }
  }

  say(text) {
    speechSynthesis.cancel();
    speechSynthesis.speak(Object.assign(new SpeechSynthesisUtterance(text), { lang: "en", rate: 1.05 }));
  }

  paintSets() {
    const history = this.model.get("history");
    this.save.hidden = !this.model.get("can_save");
    if (!history.length) {
      this.list.replaceChildren(element("li", "df-none", { textContent: "Your sets will be listed here." }));
      return;
    }
    this.list.replaceChildren(
      ...history.map(({ title, reps, partial_reps, faults }) =>
        element("li", "", {},
          element("span", "df-set-reps", { textContent: reps }),
          element("span", "df-set-title", {},
            title,
            element("span", "df-set-faults", {},
              ...faults.map(({ title: fault, count }) => element("span", "df-fault", { textContent: `${fault} ×${count}` })),
              ...(partial_reps ? [element("span", "df-fault df-minor", { textContent: `${partial_reps} partial` })] : []),
              ...(faults.length || partial_reps || !reps ? [] : [element("span", "df-fault df-clean", { textContent: "clean" })]),
            ),
          ),
        ),
      ).reverse(),
    );
  }

  paintPast() {
    const [past, unkept] = [this.model.get("past"), this.model.get("unkept")];
    const count = ({ title, count }) => `${title} ×${count}`;
    this.past.replaceChildren(
      ...(unkept ? [element("p", "df-unkept", { textContent: `Your workouts are not kept: ${unkept}` })] : []),
      ...(past.length ? [element("h3", "", { textContent: "Earlier" })] : []),
      ...past.map(({ id, date, source, exercises, faults }) =>
        element("div", "df-past-workout", {},
          element("time", "", { textContent: date }),
          element("span", "", {},
            exercises.map(({ title, reps }) => `${title}\u00a0${reps}`).join(" · "),
            element("span", "df-past-faults", { textContent: faults.map(count).join(", ") }),
            element("span", "df-past-faults", { textContent: source }),
          ),
          this.eraser(id, date),
        ),
      ),
    );
  }

  // A button that forgets a workout. It asks once more: what is deleted is gone.
  eraser(workout, date) {
    const say = (textContent, ariaLabel) => Object.assign(button, { textContent, ariaLabel, title: ariaLabel });
    const button = element("button", "df-tool df-eraser", { type: "button" });
    const rest = () => say("×", `Delete the workout of ${date}`);
    button.onblur = rest;
    button.onclick = () => {
      if (button.textContent !== "×") return this.model.send({ kind: "delete", workout });
      say("Delete?", `Delete the workout of ${date} for good`);
      button.focus(); // not all browsers do so of themselves, and to go elsewhere is to think better of it
    };
    return rest();
  }

  download({ name, type }, bytes) {
    const url = URL.createObjectURL(new Blob([bytes], { type }));
    element("a", "", { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
  }
}

export default () => {
  let board;
  return liveWidget({
    initialize({ model }) {
      board = new Board(model);
    },
    render({ el }) {
      el.classList.add("df-board");
      el.append(board.score, board.sets, board.framing, board.cue);
      // The buttons and lists beside the board are ipywidgets' own, and have no module that could do it.
      let leavePage = () => {};
      let asked = requestAnimationFrame(function keep() {
        if (!el.isConnected) {
          asked = requestAnimationFrame(keep);
          return;
        }
        const page = el.closest(".df-app") ?? el;
        const [leaveKeys, leaveToggles] = [keepKeys(page), tellPressed(page)];
        leavePage = () => { leaveKeys(); leaveToggles(); };
      });
      return () => {
        cancelAnimationFrame(asked);
        leavePage();
      };
    },
  });
};
