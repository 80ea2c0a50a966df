extension WorkbenchPage {
    /// What is shown, kept in the fragment of the address, which no request carries; and the choices.
    static let state = #"""
        function encoded(text) {
          const bytes = new TextEncoder().encode(text);
          let binary = "";
          for (const byte of bytes) binary += String.fromCharCode(byte);
          return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
        }
        function decoded(text) {
          const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
          return new TextDecoder().decode(Uint8Array.from(binary, character => character.charCodeAt(0)));
        }
        function state() {
          return { document: links.editor.text, operation: $("operation").value, id: $("product").value,
            handling: $("handling").value, targets: chosenTargets(), answer: { target: $("answer-target").value,
              status: $("answer-status").value, fields: $("answer-fields").value, body: answerLinks.editor.text } };
        }
        function remember() { history.replaceState(null, "", "#" + encoded(JSON.stringify(state()))); }
        function restored() {
          try {
            const state = JSON.parse(decoded(location.hash.slice(1)));
            return typeof state.document === "string" ? state : null;
          } catch { return null; }
        }
        function apply(state) {
          links.editor.text = state.document;
          $("operation").value = state.operation === "create" ? "create" : "update";
          $("product").value = state.id ?? "";
          $("handling").value = ["strict", "lenient"].includes(state.handling) ? state.handling : "";
          for (const input of $("targets").querySelectorAll("input")) {
            input.checked = !Array.isArray(state.targets) || state.targets.includes(input.value);
          }
          const answer = state.answer ?? {};
          if (start.targets.some(target => target.name === answer.target)) $("answer-target").value = answer.target;
          $("answer-status").value = answer.status ?? "200";
          $("answer-fields").value = answer.fields ?? "";
          answerLinks.editor.text = answer.body ?? "";
          answerExamples();
          translate();
          fold();
        }
        function example(index) {
          const chosen = start.examples[index];
          if (!chosen) return;
          const dialect = start.targets.find(target => target.name === chosen.target)?.dialect;
          const targets = start.targets.filter(target => !dialect || target.dialect === dialect)
            .map(target => target.name).slice(0, start.targetsMax);
          const answer = chosen.answers[0];
          apply({ document: chosen.document, operation: chosen.operation, id: chosen.id, handling: "", targets,
            answer: answer ? { target: chosen.target, status: String(answer.status), body: answer.body }
              : { target: start.defaultTarget, body: "" } });
          remember();
        }
        /** The answers that are known of the vendor that is chosen. */
        function answerExamples() {
          const dialect = start.targets.find(target => target.name === $("answer-target").value)?.dialect;
          const answers = start.examples.filter(example => example.target && dialect
            === start.targets.find(target => target.name === example.target).dialect).flatMap(({ answers }) => answers);
          $("answer-example").replaceChildren(make("option", { value: "" }, "–"),
            ...answers.map(answer => make("option", { value: answer.status + "\n" + answer.body }, answer.title)));
        }
        async function begin() {
          const answer = await fetch("/workbench/start");
          if (!answer.ok) return alarm(await answer.text());
          start = await answer.json();
          $("example").append(make("option", { value: "" }, "–"),
            ...start.examples.map((example, index) => make("option", { value: index }, example.title)));
          $("targets").append(...start.targets.map(target => make("label", {},
            make("input", { type: "checkbox", value: target.name, checked: "" }), " " + target.name)));
          $("answer-target").append(...start.targets.map(target => make("option", {}, target.name)));
          const kept = restored();
          if (kept) apply(kept);
          else { $("example").value = "0"; example(0); }
        }
        $("example").addEventListener("change", () => example($("example").value));
        $("choices").addEventListener("submit", event => event.preventDefault());
        $("answer-choices").addEventListener("submit", event => event.preventDefault());
        for (const id of ["operation", "handling", "product", "targets"]) {
          $(id).addEventListener("input", () => { later("translate", translate); later("fold", fold); });
        }
        for (const id of ["answer-target", "answer-status", "answer-fields"]) {
          $(id).addEventListener("input", () => later("fold", fold));
        }
        $("answer-target").addEventListener("input", answerExamples);
        $("answer-example").addEventListener("change", () => {
          const [status, ...body] = $("answer-example").value.split("\n");
          $("answer-status").value = status || "200";
          answerLinks.editor.text = body.join("\n");
          later("fold", fold);
        });
        $("link").addEventListener("click", async () => {
          remember();
          try {
            await navigator.clipboard.writeText(location.href);
            $("state").textContent = "the link is copied";
          } catch {
            // Without a clipboard, as on plain HTTP from afar: to be copied by hand.
            $("address").hidden = false;
            $("address").value = location.href;
            $("address").select();
          }
        });
        addEventListener("hashchange", () => { const kept = restored(); if (kept) apply(kept); });
        begin();
        """#
}
