extension WorkbenchPage {
    /// What each target would be sent, and what a caller would get.
    static let requests = #"""
        let start, asking, folding;
        const said = text => { $("where").textContent = text; };
        const links = new Links($("requests"), said);
        const answerLinks = new Links($("folded"), text => { $("answer-where").textContent = text; });
        links.editor = new Editor($("editor"), () => later("translate", translate), at => links.lightValue(at));
        answerLinks.editor = new Editor($("answer-editor"), () => later("fold", fold),
          at => answerLinks.lightValue(at));
        /** A moment after the last key: what is typed at a stretch is asked for once. */
        const timers = {};
        function later(name, ask) {
          clearTimeout(timers[name]);
          timers[name] = setTimeout(() => { remember(); ask(); }, 120);
        }
        function alarm(text) { $("alarm").hidden = !text; $("alarm").textContent = text; }
        async function ask(name, question, signal) {
          const answer = await fetch("/workbench/" + name, { method: "POST", signal, body: JSON.stringify(question),
            headers: { "content-type": "application/json" } });
          if (!answer.ok) throw new Error((await answer.text()).trim());
          return answer.json();
        }
        const chosenTargets = () => [...$("targets").querySelectorAll("input:checked")].map(input => input.value);
        function reasons(list, kind) {
          return make("ul", { class: "reasons" }, list.map(reason => make("li", {},
            reason.pointer === undefined ? null : pointerButton(reason.pointer), " ",
            make("span", { class: kind }, words(reason.code)), " ", reason.detail)));
        }
        function pointerButton(pointer) {
          const button = make("button", { type: "button", class: "pointer" }, pointer || "/");
          button.addEventListener("click", () => links.editor.select(pointer));
          return button;
        }
        function shownRequest(name, result) {
          const request = result.request;
          const field = ([field, value]) =>
            make("li", { class: "line" }, field + ": ", shownValue(name, "header:" + field, value, links));
          return [
            request.readsFirst ? make("p", { class: "line quiet" }, "first " + request.readsFirst.method + " "
              + request.readsFirst.url + ", then:") : null,
            make("p", { class: "line" }, make("b", {}, request.method), " ",
              shownValue(name, "url", request.url, links)),
            make("ul", { class: "fields" }, request.headers.map(field)),
            request.body.length ? shownBody(name, request.body, links) : null,
            ...(request.then || []).flatMap((next, position) =>
              shownFollowing(name, "then " + (position + 1) + " ", next)),
            request.warnings.length ? make("h4", {}, "Left out") : null,
            request.warnings.length ? reasons(request.warnings, "degraded") : null,
          ];
        }
        /** - at: what stands before its places. */
        function shownFollowing(name, at, next) {
          return [
            make("p", { class: "line next" }, make("span", { class: "quiet" }, "then "),
              make("b", {}, shownValue(name, at + "method", next.method, links)), " ",
              shownValue(name, at + "url", next.url, links)),
            make("ul", { class: "fields" }, next.headers.map(([field, value]) =>
              make("li", { class: "line" }, field + ": ", shownValue(name, at + "header:" + field, value, links)))),
            next.body.length ? shownBody(name, next.body, links, at) : null,
          ];
        }
        function requestCard(result) {
          const target = start.targets.find(target => target.name === result.target);
          const problem = result.problem;
          const vendor = target.vendor === target.name ? "" : target.vendor;
          const mark = problem ? make("span", { class: "pill ill" }, "refused")
            : make("span", { class: "pill well" }, result.request.warnings.length ? "taken in part" : "taken");
          const look = "request-card " + (problem ? "refusing" : "taken");
          return make("article", { class: look, "data-name": target.name },
            make("h3", {}, target.name, make("small", { class: "quiet" }, vendor), mark),
            problem ? make("p", { class: "mistake" },
              problem.status + " " + words(problem.code) + ": " + problem.detail)
              : null,
            problem?.errors ? reasons(problem.errors, "ill") : null,
            result.lenient ? make("h4", {}, "With handling lenient it would be sent:") : null,
            result.lenient ? shownRequest(target.name, result.lenient) : null,
            result.request ? shownRequest(target.name, result) : null);
        }
        function showTranslation(answer) {
          links.clear();
          const refused = [], lost = [];
          for (const result of answer.targets) {
            const taken = result.request ? result : result.lenient;
            if (taken) links.add(result.target, taken.links);
            for (const error of result.problem?.errors ?? []) {
              if (error.pointer === undefined) continue;
              refused.push(error.pointer);
              links.note(error.pointer, "refused by " + result.target + ": " + error.detail);
            }
            for (const warning of taken?.request.warnings ?? []) {
              lost.push(warning.pointer);
              if (result.request) links.note(warning.pointer, "left out by " + result.target + ": " + warning.detail);
            }
          }
          const marks = pointer => refused.some(outer => within(pointer, outer)) ? "refused"
            : lost.some(outer => within(pointer, outer)) ? "lost" : links.to.has(pointer) ? "carried" : "";
          const broken = answer.malformed;
          if (broken) links.editor.showBroken(broken.before);
          else links.editor.show(answer.document, marks);
          $("malformed").hidden = !broken;
          $("malformed").textContent = broken
            ? "Line " + broken.line + ", column " + broken.column + ": " + broken.reason : "";
          links.editor.area.setAttribute("aria-invalid", Boolean(broken || refused.length));
          const focused = document.activeElement?.dataset?.place;
          $("requests").replaceChildren(...answer.targets.map(requestCard));
          if (focused) [...$("requests").querySelectorAll("[data-place]")]
            .find(element => element.dataset.place === focused)?.focus();
          const refusing = answer.targets.filter(result => result.problem).length;
          $("state").textContent = broken ? "not JSON" : (answer.targets.length - refusing) + " of "
            + answer.targets.length + " targets take it" + (answer.linksLeftOut ? "; too long to link all of it" : "");
        }
        async function translate() {
          asking?.abort();
          const own = asking = new AbortController();
          $("requests").classList.add("stale");
          try {
            const answer = await ask("translate", { document: links.editor.text, operation: $("operation").value,
              id: $("product").value, handling: $("handling").value || null, targets: chosenTargets() }, own.signal);
            alarm("");
            showTranslation(answer);
            $("requests").classList.remove("stale");
          } catch (error) {
            if (!own.signal.aborted) { alarm(error.message); $("state").textContent = "not translated"; }
          }
        }
        function showFolded(answer) {
          answerLinks.clear();
          answerLinks.add("", answer.links ?? []);
          if (answer.answer) {
            answerLinks.editor.show(answer.answer, pointer => answerLinks.to.has(pointer) ? "carried" : "");
          }
          const good = answer.status < 300;
          $("folded").replaceChildren(make("article", { class: "request-card " + (good ? "taken" : "refusing") },
            make("h3", {}, "Answer to the caller", make("span", { class: "pill " + (good ? "well" : "ill") },
              String(answer.status))),
            make("ul", { class: "fields" }, answer.headers.map(([name, value]) =>
              make("li", { class: "line" }, name + ": ", shownValue("", "header:" + name, value, answerLinks)))),
            shownBody("", answer.body, answerLinks)));
        }
        function answerFields() {
          const pairs = $("answer-fields").value.split(/[;\n]/)
            .map(line => line.split(/:(.*)/s).map(part => part.trim()));
          return Object.fromEntries(pairs.filter(([name, value]) => name && value));
        }
        async function fold() {
          folding?.abort();
          const own = folding = new AbortController();
          if (!answerLinks.editor.text.trim() && $("answer-status").value === "200") {
            answerLinks.clear();
            return $("folded").replaceChildren();
          }
          try {
            showFolded(await ask("fold", { target: $("answer-target").value, operation: $("operation").value,
              id: $("product").value, status: Number($("answer-status").value), headers: answerFields(),
              body: answerLinks.editor.text, document: links.editor.text,
              handling: $("handling").value || null }, own.signal));
            alarm("");
          } catch (error) {
            if (!own.signal.aborted) alarm(error.message);
          }
        }

        """#
}
