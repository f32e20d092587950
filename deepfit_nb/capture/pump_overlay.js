// FramePump: a canvas over the video, with the skeleton and the angles of its joints.

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

class Overlay {
  constructor(model, video) {
    this.model = model;
    this.video = video;
    this.canvas = element("canvas", "df-overlay", { ariaHidden: "true" });
    this.context = this.canvas.getContext("2d");
    this.drawn = false; // something of this run, or of the last one
  }

  clear() {
    this.drawn = false;
    this.context.clearRect(0, 0, this.canvas.width, this.canvas.height);
  }

  // What is left on the stage after a run: its last picture, dimmed.
  dim(picture) {
    if (!this.drawn) return;
    const { canvas, context } = this;
    const fit = Math.min(canvas.width / picture.width, canvas.height / picture.height);
    const [width, height] = [picture.width * fit, picture.height * fit];
    context.globalAlpha = 0.35;
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.translate(canvas.width / 2, canvas.height / 2);
    context.scale(this.model.get("mirrored") ? -1 : 1, 1);
    context.drawImage(picture, -width / 2, -height / 2, width, height);
    context.resetTransform();
  }

  // `points`: x, y (fractions of the frame), visibility of each landmark, or null for nobody; `labels`: texts by landmark.
  draw(points, labels = {}) {
    this.drawn = true;
    const { canvas, context, video } = this;
    const width = video.clientWidth * devicePixelRatio || 1;
    const height = video.clientHeight * devicePixelRatio || 1;
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
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
    const style = getComputedStyle(canvas);
    this.drawBones(at, opacity, unit, style.getPropertyValue("--df-skeleton") || "#c6f432");
    this.write(labels, at, unit, style.fontFamily);
  }

  drawBones(at, opacity, unit, colour) {
    const { context } = this;
    const bones = this.model.get("bones");
    context.lineCap = "round";
    context.lineWidth = 1.1 * unit;
    context.strokeStyle = colour;
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
  }

  // Each text beside its landmark, on the side that is away from the body.
  write(labels, at, unit, fontFamily) {
    const { context } = this;
    context.font = `600 ${Math.max(4.2 * unit, 11 * devicePixelRatio)}px ${fontFamily}`;
    context.textBaseline = "middle";
    context.lineWidth = 0.9 * unit;
    context.strokeStyle = "rgb(0 0 0 / 0.65)";
    context.globalAlpha = 1;
    const joints = [...new Set(this.model.get("bones").flat())].map(at);
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
}
