extension StatusPage {
    /// A card for each target, those that fail first.
    static let targetCards = #"""
        function sparkline(told) {
          // Five minutes, nothing before the start.
          const rates = [...Array(Math.max(0, 60 - told.length)).fill(0), ...told];
          const top = Math.max(...rates);
          const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
          svg.setAttribute("class", "spark");
          svg.setAttribute("viewBox", "0 0 240 34");
          svg.setAttribute("preserveAspectRatio", "none");
          svg.setAttribute("aria-hidden", "true");
          const step = 240 / 59;
          const points = rates.map((rate, index) =>
            (240 - (rates.length - 1 - index) * step).toFixed(1) + "," + (32 - 29 * rate / (top || 1)).toFixed(1));
          const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
          path.setAttribute("d", "M" + points.join("L"));
          path.setAttribute("fill", "none");
          path.setAttribute("stroke", "currentColor");
          path.setAttribute("stroke-width", "1.5");
          path.setAttribute("vector-effect", "non-scaling-stroke");
          svg.append(path);
          return make("figure", {}, svg, make("figcaption", { class: "quiet" },
            make("span", {}, "requests / s, 5 min"), make("span", {}, "at most " + number(top))));
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
              make("b", {}, times(code.count) + " · " + percent(code.count / target.requests)))));
          return make("div", {}, bar, list);
        }
        const failed = health => health === "ill" || health === "degraded";
        /** Failing targets first, then idle ones that failed when they last had requests, then the others. */
        function rank(target) {
          if (failed(target.health)) return target.health === "ill" ? 0 : 1;
          return target.health === "idle" && failed(target.lastHealth) ? 2 : 3;
        }
        const byHealth = targets => targets.map((target, index) => ({ target, index })).sort((a, b) =>
          rank(a.target) - rank(b.target) || a.index - b.index).map(({ target }) => target);
        /** Why the target is not asked as ever, if it is not. */
        function held(target) {
          const seconds = milliseconds => duration(milliseconds / 1000);
          if (target.leftAlone) return make("p", { class: "was" }, make("span", { class: "ill" }, "left alone"),
            " for " + seconds(target.leftAlone.sinceMilliseconds) + ": " + words(target.leftAlone.reason)
            + "; next probe in " + seconds(target.leftAlone.nextProbeMilliseconds));
          if (target.pause) return make("p", { class: "was" }, make("span", { class: "degraded" }, "paused"),
            " by the vendor (" + words(target.pause.reason) + ") for " + seconds(target.pause.milliseconds));
          return null;
        }
        function card(target, status) {
          const latency = target.latencySeconds || {}, vendor = target.vendorLatencySeconds || {};
          const facts = [
            ["Requests / s", number(target.requestsPerSecond)], ["Errors", percent(target.errorShare)],
            ["Median · p99", duration(latency.p50) + " · " + duration(latency.p99)],
            ["Vendor alone, p99", duration(vendor.p99)],
            ["Connections now", target.connectionsOpen],
            ["Streams · queue now", target.streamsOpen + " · " + (target.queueDepth + target.gateQueueDepth)],
          ];
          if (target.concurrencyLimit) facts.push(["At a time, at most", target.concurrencyLimit]);
          const last = target.lastFailure;
          const was = target.health === "idle" && failed(target.lastHealth) ? target.lastHealth : null;
          return make("article", { class: "card", "data-name": target.name, "data-health": was || target.health },
            make("h3", {}, make("span", {}, target.name),
              target.isDefault ? make("small", { class: "quiet" }, "default") : null,
              make("span", { class: "pill " + target.health }, target.health)),
            make("p", { class: "where quiet", title: target.baseURL }, target.dialect + " · " + target.baseURL),
            was ? make("p", { class: "was" }, make("span", { class: was }, was), " when it was last asked, "
              + age(status.now - target.lastHealthAt) + " ago") : null,
            held(target),
            sparkline(target.history),
            make("dl", { class: "facts" }, ...facts.map(([label, value]) =>
              make("div", {}, make("dt", {}, label), make("dd", {}, value)))),
            codes(target),
            last ? make("p", { class: "last" }, "Last failure: ", make("span", { class: "ill" }, words(last.code)), " ",
              make("span", { class: "quiet" }, age(status.now - last.at) + " ago"), last.detail ? make("br") : null,
              last.detail || null) : null);
        }

        """#
}
