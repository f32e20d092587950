// FramePump: what is said over the stage when it shows no picture, and what can be done about it.

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

const line = (textContent) => element("p", "", { textContent });

// `refuse(name)` is called where an empty file was chosen.
class Panel {
  constructor(model, refuse) {
    this.model = model;
    this.refuse = refuse;
    this.node = element("div", "df-stage-panel", { role: "status" });
  }

  paint({ status, message, lost }) {
    const get = (name) => this.model.get(name);
    const problem = lost ? LOST : get("failure") ? ["The coach has stopped", get("failure")] : PROBLEMS[status];
    const choosing = get("choosing") && !lost;
    this.node.replaceChildren();
    if (problem) {
      const [title, advice] = problem;
      this.node.append(element("strong", "", { textContent: title || message }), line(advice || message));
      if (get("done") && !lost) this.node.append(line(get("done")));
      if (choosing && !get("failure") && FILE_PROBLEMS.includes(status)) this.node.append(this.chooser());
      else if (lost) this.node.append(element("button", "df-button", { textContent: "Reload", onclick: () => location.reload() }));
      else this.node.append(element("button", "df-button", { textContent: "Try again", onclick: () => this.model.send({ kind: "retry" }) }));
    } else if (status === "opening") {
      this.node.append(element("span", "df-spinner", {}), line("Opening the picture…"));
      if (get("mirrored")) this.node.append(line("If the browser asks, allow it to use the camera."));
    } else if (status === "muted") {
      this.node.append(line("The camera sends no picture. Is its cover closed?"));
    } else if (status === "idle" || status === "ended") {
      this.node.append(line(get("done") || get("invitation")));
      const name = choosing && get("chosen")?.name;
      if (name) this.node.append(line(`Start plays ${name}.`));
      if (choosing) this.node.append(this.chooser());
    }
    this.node.hidden = !this.node.childElementCount;
  }

  chooser() {
    const input = element("input", "", { type: "file", accept: "video/*" });
    input.onchange = () => {
      const [file] = input.files;
      if (!file) return;
      if (!file.size) return this.refuse(file.name);
      if (this.url) URL.revokeObjectURL(this.url);
      this.url = URL.createObjectURL(file);
      this.model.set("chosen", { url: this.url, name: file.name });
      this.model.save_changes();
    };
    return element("label", "df-button df-chooser", {}, "Choose a video…", input);
  }
}
