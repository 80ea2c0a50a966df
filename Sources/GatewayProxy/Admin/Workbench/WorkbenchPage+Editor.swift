extension WorkbenchPage {
    /// What the other parts use.
    static let tools = #"""
        "use strict";
        const $ = id => document.getElementById(id);
        /** An element with attributes and children; strings become text, never markup. */
        function make(name, attributes, ...children) {
          const element = document.createElement(name);
          for (const [key, value] of Object.entries(attributes || {})) element.setAttribute(key, value);
          element.append(...children.flat().filter(child => child !== null && child !== undefined));
          return element;
        }
        const words = code => code.replaceAll("_", " ");
        /** Whether a value is at a pointer, or inside of what is. */
        const within = (pointer, outer) => pointer === outer || pointer.startsWith(outer + "/");

        """#

    /// A text that can be edited and marked, and what its values are linked with.
    static let editor = #"""
        /** A text area, with its text once more behind it, where values can be marked. */
        class Editor {
          constructor(root, whenChanged, whenAt) {
            this.area = root.querySelector("textarea");
            this.back = root.querySelector("pre");
            this.values = [];
            this.area.addEventListener("input", () => { this.showPlain(); whenChanged(); });
            for (const type of ["keyup", "click", "focus"]) {
              this.area.addEventListener(type, () => whenAt(this.at(this.area.selectionStart)));
            }
            this.area.addEventListener("mousemove", event => whenAt(this.under(event.clientX, event.clientY)));
            this.area.addEventListener("mouseleave", () => whenAt(null));
          }
          get text() { return this.area.value; }
          set text(text) { this.area.value = text; this.showPlain(); }
          /** Until it is known where its values are. */
          showPlain() { this.values = []; this.back.replaceChildren(this.text + "\n"); }
          /** - segments: the whole text; those with a pointer are values. marks: the classes of a value. */
          show(segments, marks) {
            if (segments.map(([text]) => text).join("") !== this.text) return;
            this.values = [];
            let start = 0;
            this.back.replaceChildren(...segments.map(([text, pointer]) => {
              const end = start + text.length;
              const part = pointer === undefined ? text
                : make("span", { "data-pointer": pointer, class: marks(pointer) }, text);
              if (pointer !== undefined) this.values.push({ pointer, start, end, element: part });
              start = end;
              return part;
            }), "\n");
          }
          /** Where the text stops being JSON. */
          showBroken(before) {
            this.values = [];
            const rest = this.text.slice(before.length), line = rest.split("\n", 1)[0] || " ";
            this.back.replaceChildren(before, make("span", { class: "refused" }, line), rest.slice(line.length), "\n");
          }
          at(offset) {
            return this.values.find(value => value.start <= offset && offset <= value.end)?.pointer ?? null;
          }
          /** The value under the mouse: looks through the text area at what lies behind. */
          under(x, y) {
            this.area.classList.add("see-through");
            const element = document.elementFromPoint(x, y);
            this.area.classList.remove("see-through");
            return element?.closest?.("[data-pointer]")?.dataset.pointer ?? null;
          }
          light(pointers) {
            for (const value of this.values) value.element.classList.toggle("lit", pointers.has(value.pointer));
          }
          /** Selects the value at a pointer, or the first inside it. */
          select(pointer) {
            const value = this.values.find(value => within(value.pointer, pointer));
            this.area.focus();
            if (value) this.area.setSelectionRange(value.start, value.end);
          }
        }
        /** Which values of an editor went to which places of what is shown beside it, and the light on both. */
        class Links {
          constructor(shown, say) {
            this.shown = shown;
            this.say = say;
            this.clear();
            const place = event => event.target.closest?.("[data-place]");
            for (const type of ["mouseover", "focusin"]) {
              shown.addEventListener(type, event => { if (place(event)) this.lightPlace(place(event).dataset.place); });
            }
            for (const type of ["mouseout", "focusout"]) shown.addEventListener(type, () => this.lightValue(null));
            shown.addEventListener("click", event => {
              const from = place(event) && [...this.from.get(place(event).dataset.place) ?? []][0];
              if (from !== undefined && place(event)) this.editor.select(from);
            });
          }
          clear() { this.to = new Map(); this.from = new Map(); this.notes = new Map(); }
          /** - group: whose place it is; one pointer may be a place of several. */
          add(group, links) {
            for (const [from, ...places] of links) for (const place of places) {
              const key = group + "\n" + place;
              if (!this.to.has(from)) this.to.set(from, new Set());
              if (!this.from.has(key)) this.from.set(key, new Set());
              this.to.get(from).add(key);
              this.from.get(key).add(from);
            }
          }
          note(pointer, text) { this.notes.set(pointer, [...this.notes.get(pointer) ?? [], text]); }
          lightValue(pointer) {
            const places = pointer === null ? new Set() : this.to.get(pointer) ?? new Set();
            this.light(new Set(pointer === null ? [] : [pointer]), places);
            this.say(pointer === null ? "" : this.sentence(pointer, places));
          }
          lightPlace(key) {
            const values = this.from.get(key) ?? new Set();
            const places = new Set([key, ...[...values].flatMap(value => [...this.to.get(value)])]);
            this.light(values, places);
            this.say([...values].map(value => this.sentence(value, this.to.get(value))).join("\n"));
          }
          light(values, places) {
            this.editor.light(values);
            for (const element of this.shown.querySelectorAll("[data-place]")) {
              element.classList.toggle("lit", places.has(element.dataset.place));
            }
          }
          sentence(pointer, places) {
            const notes = [...this.notes].filter(([outer]) => within(pointer, outer)).flatMap(([, texts]) => texts);
            const names = [...places].map(key => key.replace("\n", " ").trim());
            const where = names.length ? " → " + names.join(", ") : notes.length ? "" : ": goes nowhere";
            return (pointer || "/") + where + notes.map(note => "\n" + note).join("");
          }
        }
        /** Values as buttons where they came from somewhere, so that a keyboard gets to them too. */
        function shownValue(group, place, text, links) {
          const key = group + "\n" + place, from = links.from.get(key);
          return from ? make("button", { type: "button", class: "value", "data-place": key,
            title: "from " + [...from].map(pointer => pointer || "/").join(", ") }, text) : text;
        }
        /** - at: what stands before the places of its values. */
        const shownBody = (group, segments, links, at = "") => make("pre", {}, segments.map(([text, pointer]) =>
          pointer === undefined ? text : shownValue(group, at + pointer, text, links)));

        """#
}
