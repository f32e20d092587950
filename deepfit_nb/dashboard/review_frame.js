// Review: what is known of the frame that is shown.

const degrees = (value) => (Number.isFinite(value) ? `${Math.round(value)}°` : "–");

class FrameCard {
  constructor() {
    this.now = element("div", "df-now");
    this.angles = element("tbody");
    this.node = card("df-frame-card", "This frame", this.now,
      element("table", "df-angles-table", {},
        element("thead", "", {}, element("tr", "", {}, ...["Angle", "Left", "Right"].map((label) => text("", label, "th")))), this.angles));
  }

  // `row`: the frame's time, its angles, their errors, and what the coach made of it (see ReviewClip.table).
  paint({ angles, classes, phases }, row) {
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
  }
}
