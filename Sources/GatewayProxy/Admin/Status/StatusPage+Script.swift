extension StatusPage {
    static let script = #"""
        "use strict";
        const $ = id => document.getElementById(id);
        /** An element with attributes and children; strings become text, never markup. */
        function make(name, attributes, ...children) {
          const element = document.createElement(name);
          for (const [key, value] of Object.entries(attributes || {})) element.setAttribute(key, value);
          element.append(...children.filter(child => child !== null && child !== undefined).map(child =>
            child instanceof Node ? child : String(child)));
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

        function tile(label, value, title) {
          return make("div", title ? { title } : {}, make("dt", {}, label), make("dd", {}, value));
        }
        function sparkline(told) {
          // Five minutes, nothing before the start.
          const rates = [...Array(Math.max(0, 60 - told.length)).fill(0), ...told];
          const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
          svg.setAttribute("class", "spark");
          svg.setAttribute("viewBox", "0 0 240 34");
          svg.setAttribute("preserveAspectRatio", "none");
          svg.setAttribute("role", "img");
          svg.setAttribute("aria-label", "requests each second, the last five minutes");
          const top = Math.max(...rates, 0.001);
          const step = 240 / 59;
          const points = rates.map((rate, index) =>
            (240 - (rates.length - 1 - index) * step).toFixed(1) + "," + (32 - 29 * rate / top).toFixed(1));
          const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
          path.setAttribute("d", "M" + points.join("L"));
          path.setAttribute("fill", "none");
          path.setAttribute("stroke", "currentColor");
          path.setAttribute("stroke-width", "1.5");
          path.setAttribute("vector-effect", "non-scaling-stroke");
          svg.append(path);
          return svg;
        }
        function fill(code) {
          if (code.code === "ok") return "fill-ok";
          if (code.code === "dry_run" || code.code === "caller_left") return "fill-other";
          return code.code.startsWith("vendor_") || code.code === "overloaded" || code.code === "internal_error"
            ? "fill-vendor" : "fill-caller";
        }
        function codes(target) {
          if (!target.codes.length) return null;
          const bar = make("div", { class: "bar", "aria-hidden": "true" }, ...target.codes.map(code => {
            const part = make("i", { class: fill(code) });
            part.style.flex = code.count + " 0 auto";
            return part;
          }));
          const list = make("ul", { class: "codes" }, ...target.codes.slice(0, 6).map(code =>
            make("li", {}, make("i", { class: fill(code) }), words(code.code),
              make("b", {}, code.count.toLocaleString("en") + " · " + percent(code.count / target.requests)))));
          return make("div", {}, bar, list);
        }
        function card(target, now) {
          const latency = target.latencySeconds || {}, vendor = target.vendorLatencySeconds || {};
          const facts = [
            ["Requests / s", number(target.requestsPerSecond)], ["Errors", percent(target.errorShare)],
            ["Median · p99", duration(latency.p50) + " · " + duration(latency.p99)],
            ["Vendor alone, p99", duration(vendor.p99)],
            ["Connections", target.connectionsOpen],
            ["Streams · waiting", target.streamsOpen + " · " + target.queueDepth],
          ];
          const last = target.lastFailure;
          return make("article", { class: "card", "data-name": target.name, "data-health": target.health },
            make("h3", {}, make("span", {}, target.name),
              target.isDefault ? make("small", { class: "quiet" }, "default") : null,
              make("span", { class: "pill " + target.health }, target.health)),
            make("p", { class: "where quiet", title: target.baseURL }, target.dialect + " · " + target.baseURL),
            sparkline(target.history),
            make("dl", { class: "facts" }, ...facts.map(([label, value]) =>
              make("div", {}, make("dt", {}, label), make("dd", {}, value)))),
            codes(target),
            last ? make("p", { class: "last" }, make("span", { class: "ill" }, words(last.code)), " ",
              make("span", { class: "quiet" }, age(now - last.at) + " ago"), last.detail ? make("br") : null,
              last.detail || null) : null);
        }
        let which = "failures";
        function failures(status) {
          const shown = status.recentFailures.filter(failure => (failure.status >= 500) === (which === "failures"));
          $("failures").tBodies[0].replaceChildren(...shown.slice(0, 20).map(failure => make("tr", {},
            make("td", { title: new Date(failure.at).toISOString() }, clock(failure.at)),
            make("td", {}, failure.target || "–", make("small", {}, failure.operation)),
            make("td", {}, words(failure.code), failure.detail ? make("small", {}, failure.detail) : null),
            make("td", {}, failure.origin,
              failure.vendorStatus ? make("small", {}, "answered " + failure.vendorStatus) : null),
            make("td", {}, words(failure.outcome)),
            make("td", {}, duration(failure.durationMicroseconds / 1e6),
              failure.attempts > 1 ? make("small", {}, failure.attempts + " attempts") : null),
            make("td", {}, make("code", {}, failure.requestId),
              failure.traceId ? make("small", {}, make("code", {}, failure.traceId)) : null))));
          $("failures").hidden = !shown.length;
          $("no-failures").hidden = shown.length > 0 && shown.length <= 20;
          $("no-failures").textContent = shown.length ? "The newest 20 of " + shown.length + "; /status has all."
            : which === "failures" ? "None since the start: no vendor failed and nothing went wrong here."
            : "None since the start: no request was refused, by the gateway or by a vendor.";
        }
        function workers(status) {
          $("workers").tBodies[0].replaceChildren(...status.workers.map(worker => {
            const busy = Math.min(1, worker.busyShare || 0);
            const part = make("i", { class: busy > 0.9 ? "fill-vendor" : busy > 0.7 ? "fill-caller" : "fill-ok" });
            part.style.width = busy * 100 + "%";
            return make("tr", {}, make("td", {}, worker.worker),
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
          const window = "the last " + Math.round(status.windowSeconds) + " seconds";
          $("tiles").replaceChildren(
            tile("requests / s", number(traffic.requestsPerSecond), window),
            tile("in flight", traffic.exchangesInFlight), tile("callers connected", traffic.connectionsOpen),
            tile("left · cut off", traffic.exchangesAbandoned + " · " + traffic.callersCutOff,
              "callers who went away, or did not read their answer, in " + window),
            tile("refused callers",
              traffic.connectionsRefused + traffic.handshakesFailed + traffic.sessionsEndedForAbuse,
              traffic.connectionsRefused + " beyond the limit, " + traffic.handshakesFailed + " failed TLS handshakes, "
              + traffic.sessionsEndedForAbuse + " for abuse, in " + window),
            tile("memory", process.residentBytes === undefined ? "–" : bytes(process.residentBytes)),
            tile("files open", process.openFiles === undefined ? "–" : process.openFiles, "of " + process.maxFiles),
            tile("log lines lost", process.logLinesDropped, "since the start"));
          $("targets").replaceChildren(...status.targets.map(target => card(target, status.now)));
          failures(status);
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
