extension StatusPage {
    /// A row about idempotency keys and their store.
    static let keyStore = #"""
        function store(status, over) {
          const facts = status.store;
          $("store-section").hidden = !facts;
          if (!facts) return;
          const claims = facts.claims;
          const limits = { own: "this instance's own", shared: "shared", alone: "not shared now" };
          $("store-failure").hidden = !facts.failure;
          $("store-failure").textContent = facts.failure ? "Requests with a key are refused: " + facts.failure : "";
          $("store").replaceChildren(
            tile("store", "now", facts.engine, facts.survivesRestart ? "" : "a restart forgets the keys"),
            tile("new keys", over, times(claims.first)),
            tile("replayed", over, times(claims.replayed), "the kept answer was given again"),
            tile("run again", over, times(claims.taken_over), "what an earlier request had left open"),
            tile("conflicts", over, times(claims.conflict + claims.reused),
              claims.conflict + " under way elsewhere, " + claims.reused + " keys used for another request"),
            tile("store failures", over, times(facts.failures), "steps that the store did not take"),
            tile("limits", "now", limits[facts.limits],
              facts.limits === "alone" ? "the store does not answer: this instance lets in its part" : ""));
        }

        """#
}
