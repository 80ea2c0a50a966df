extension StatusPage {
    static let script = tools + targetCards + failureGroups + keyStore + main

    /// What the other parts use: making elements, formatting numbers and times.
    private static let tools = #"""
        "use strict";
        const $ = id => document.getElementById(id);
        /** An element with attributes and children; strings become text, never markup. */
        function make(name, attributes, ...children) {
          const element = document.createElement(name);
          for (const [key, value] of Object.entries(attributes || {})) element.setAttribute(key, value);
          const present = children.filter(child => child !== null && child !== undefined);
          element.append(...present.map(child => child instanceof Node ? child : String(child)));
          return element;
        }
        const number = value => value >= 100 ? Math.round(value).toLocaleString("en")
          : value >= 10 ? value.toFixed(1) : value === 0 ? "0" : value < 0.01 ? "<0.01" : value.toFixed(2);
        const percent = share => share === undefined ? "–" : share > 0 && share < 0.001 ? "<0.1 %"
          : (share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0) + " %";
        const duration = seconds => seconds === undefined ? "–" : seconds < 0.001 ? (seconds * 1e6).toFixed(0) + " µs"
          : seconds < 1 ? (seconds * 1e3).toFixed(seconds < 0.01 ? 1 : 0) + " ms"
          : seconds.toFixed(seconds < 10 ? 1 : 0) + " s";
        const bytes = count => count < 1024 ? count + " B" : count < 1048576 ? (count / 1024).toFixed(0) + " KiB"
          : count < 1073741824 ? (count / 1048576).toFixed(0) + " MiB" : (count / 1073741824).toFixed(2) + " GiB";
        function age(milliseconds) {
          const seconds = Math.max(0, Math.round(milliseconds / 1000));
          if (seconds < 90) return seconds + " s";
          if (seconds < 5400) return Math.round(seconds / 60) + " min";
          return seconds < 172800 ? (seconds / 3600).toFixed(1) + " h" : Math.round(seconds / 86400) + " days";
        }
        const clock = at => new Date(at).toLocaleTimeString("en-GB");
        const words = code => code.replaceAll("_", " ");
        /** The time that a rate or a count covers: "1 min", or less just after the start. */
        const span = seconds => seconds >= 55 ? "1 min" : Math.max(1, Math.round(seconds)) + " s";
        const times = count => count.toLocaleString("en");

        function tile(label, over, value, title) {
          return make("div", title ? { title } : {},
            make("dt", {}, label, make("small", {}, over)), make("dd", {}, value));
        }

        """#

    /// The rest of the page, and polling.
    private static let main = #"""
        function workers(status) {
          $("workers").tBodies[0].replaceChildren(...status.workers.map(worker => {
            const busy = Math.min(1, worker.busyShare || 0);
            const part = make("i", { class: busy > 0.9 ? "fill-vendor" : busy > 0.7 ? "fill-caller" : "fill-ok" });
            part.style.width = busy * 100 + "%";
            return make("tr", {}, make("td", {}, worker.worker, worker.answers ? null
                : make("small", { class: "ill" }, "does not answer")),
              make("td", {}, make("span", { class: "bar" }, part), percent(worker.busyShare)),
              make("td", {}, worker.exchangesInFlight), make("td", {}, worker.connectionsOpen));
          }));
        }
        function certificates(status) {
          const day = 86400000;
          $("certificates").replaceChildren(...status.certificates.map(certificate => {
            const left = certificate.notAfter - status.now;
            return make("li", {},
              make("i", { class: left < day ? "fill-vendor" : left < 14 * day ? "fill-caller" : "fill-ok" }),
              certificate.target ? "certificate shown to " + certificate.target : "certificate shown to callers",
              make("b", { title: new Date(certificate.notAfter).toISOString() },
                left < 0 ? "ended " + age(-left) + " ago" : "ends in " + age(left)));
          }));
        }
        function configuration(status) {
          const facts = status.configuration;
          $("configuration-facts").textContent = facts.hash + " · read " + age(status.now - facts.readAt) + " ago"
            + (facts.loads > 1 ? " · " + (facts.loads - 1) + " reloads" : "")
            + (facts.refusals ? " · " + facts.refusals + " refused" : "");
          const text = JSON.stringify(facts.inForce, null, 2);
          if ($("configuration").textContent !== text) $("configuration").textContent = text;
          $("refusal").hidden = facts.isLastLoadInForce;
          if (!facts.isLastLoadInForce && facts.lastRefusal) {
            $("refusal").textContent = "A newer configuration was refused at " + clock(facts.lastRefusal.at)
              + "; this one stays in force.\n" + facts.lastRefusal.reasons.join("\n");
          }
        }
        let latest = null;
        function show(status) {
          latest = status;
          const traffic = status.traffic, process = status.process;
          $("version").textContent = status.version;
          $("ready").textContent = status.ready ? "ready" : status.reason;
          $("ready").className = "pill " + (status.ready ? "well" : "ill");
          document.title = (status.ready ? "" : "✕ ") + "product-gateway";
          $("updated").textContent = (process.startedAt ? "up " + age(status.now - process.startedAt) + " · " : "")
            + "as of " + clock(status.now);
          const over = span(status.windowSeconds), since = "since the start";
          for (const element of document.querySelectorAll(".window")) {
            element.textContent = over === "1 min" ? "the last minute" : "the last " + over;
          }
          $("tiles").replaceChildren(
            tile("requests / s", over, number(traffic.requestsPerSecond)),
            tile("in flight", "now", traffic.exchangesInFlight),
            tile("callers connected", "now", traffic.connectionsOpen),
            tile("bulk streams · lines / s", over,
              traffic.bulkStreamsOpen + " · " + number(traffic.bulkLinesPerSecond),
              "streams of updates under way, and their lines that have got a result"),
            tile("left · cut off", over, traffic.exchangesAbandoned + " · " + traffic.callersCutOff,
              "callers who went away, and callers who did not read their answer"),
            tile("refused callers", over,
              traffic.connectionsRefused + traffic.handshakesFailed + traffic.sessionsEndedForAbuse,
              traffic.connectionsRefused + " beyond the limit, " + traffic.handshakesFailed + " failed TLS handshakes, "
              + traffic.sessionsEndedForAbuse + " for abuse"),
            tile("memory", "now", process.residentBytes === undefined ? "–" : bytes(process.residentBytes)),
            tile("files open", "now", process.openFiles === undefined ? "–" : process.openFiles,
              "of " + process.maxFiles),
            tile("log lines lost", since, process.logLinesDropped));
          $("targets").replaceChildren(...byHealth(status.targets).map(target => card(target, status)));
          failures(status);
          store(status, over);
          workers(status);
          certificates(status);
          configuration(status);
        }
        for (const button of document.querySelectorAll("button[data-which]")) {
          button.addEventListener("click", () => {
            which = button.dataset.which;
            for (const each of document.querySelectorAll("button[data-which]")) {
              each.setAttribute("aria-pressed", each === button);
            }
            if (latest) failures(latest);
          });
        }
        async function poll() {
          try {
            const answer = await fetch("/status", { cache: "no-store", signal: AbortSignal.timeout(5000) });
            if (!answer.ok) throw new Error("/status answered " + answer.status);
            show(await answer.json());
            document.body.classList.remove("stale");
            $("alarm").hidden = true;
          } catch (error) {
            document.body.classList.add("stale");
            $("alarm").hidden = false;
            $("alarm").textContent = latest ? "The gateway has not answered since " + clock(latest.now) + "."
              : "The gateway does not answer.";
          }
          setTimeout(poll, 2000);
        }
        poll();
        """#
}
