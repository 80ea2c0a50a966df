extension StatusPage {
    /// The failures, in one group for each target.
    static let failureGroups = #"""
        let which = "failures";
        /** The kinds of failures whose earlier requests are shown. */
        const unfolded = new Set();
        function request(failure) {
          const facts = [
            failure.operation, "took " + duration(failure.durationMicroseconds / 1e6),
            failure.attempts === 1 ? "1 attempt" : failure.attempts + " attempts",
            failure.vendorStatus ? "vendor answered " + failure.vendorStatus : "no answer of the vendor",
            words(failure.outcome),
          ];
          return make("div", { class: "request" },
            make("time", { datetime: new Date(failure.at).toISOString() }, clock(failure.at)), " ",
            make("span", { class: "quiet" }, facts.join(" · ")), make("br"),
            make("span", {}, "request ", make("code", {}, failure.requestId)), " ",
            failure.traceId ? make("span", {}, "trace ", make("code", {}, failure.traceId)) : null);
        }
        function kind(group, status) {
          const key = [group.target, group.origin, group.code].join(" ");
          const [newest, ...earlier] = group.examples;
          const more = make("details", unfolded.has(key) ? { open: "" } : {},
            make("summary", {}, earlier.length + " before"), ...earlier.map(request));
          more.addEventListener("toggle", () => more.open ? unfolded.add(key) : unfolded.delete(key));
          const recent = group.inWindow === undefined ? []
            : [times(group.inWindow) + " in " + span(status.windowSeconds)];
          const counts = [...recent, times(group.count) + " since " + clock(group.since)].join(" · ");
          return make("li", {},
            make("p", { class: "kind" }, make("b", {}, words(group.code)),
              make("span", { class: "quiet" }, group.origin === "vendor" ? "by the vendor" : "by the gateway"),
              make("span", { class: "quiet" }, counts),
              make("span", { class: "quiet age" }, "last " + age(status.now - group.lastAt) + " ago")),
            newest.detail ? make("p", {}, newest.detail) : null, request(newest), earlier.length ? more : null);
        }
        function groupOf(name, kinds, status) {
          const target = status.targets.find(target => target.name === name);
          const mark = target ? make("span", { class: "pill " + target.health }, target.health)
            : make("small", { class: "quiet" }, name ? "not configured any more" : "refused before a target was known");
          return make("section", { class: "group", "data-target": name || "" },
            make("h3", {}, name || "No target", mark), make("ul", {}, ...kinds.map(group => kind(group, status))));
        }
        function failures(status) {
          // Rendering anew would clear the selection of whoever is copying a request id.
          const selection = getSelection();
          if (!selection.isCollapsed && $("failures").contains(selection.anchorNode)) return;
          const shown = status.failures.filter(group => (group.status >= 500) === (which === "failures"));
          // In the order of the cards, then failures without a target, then targets that a reload has removed.
          const names = new Set([...byHealth(status.targets).map(target => target.name), undefined,
            ...shown.map(group => group.target)]);
          const groups = [...names].map(name => [name, shown.filter(group => group.target === name)]);
          $("failures").replaceChildren(...groups.filter(([, kinds]) => kinds.length)
            .map(([name, kinds]) => groupOf(name, kinds, status)));
          $("no-failures").hidden = shown.length > 0 && !status.failuresLeftOut;
          $("no-failures").textContent = shown.length ? status.failuresLeftOut + " older kinds are not shown."
            : which === "failures" ? "None since the start: no vendor failed and nothing went wrong here."
            : "None since the start: no request was refused, by the gateway or by a vendor.";
        }

        """#
}
