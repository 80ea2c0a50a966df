extension AdminPage {
    /// `/`: the status page, which asks `/status` every two seconds.
    static let status = AdminPage(
        title: "product-gateway", style: StatusPage.style, body: StatusPage.body, script: StatusPage.script)
}

/// The status page: what an operator asks first, in one self-contained HTML document.
///
/// The script writes everything that comes from `/status` as text, never as markup.
enum StatusPage {
    static let body = #"""
        <header>
          <h1>product-gateway <small id="version"></small></h1>
          <span id="ready" class="pill" role="status">…</span>
          <p id="updated" class="quiet"></p>
        </header>
        <p id="alarm" class="alarm" role="alert" hidden></p>
        <main>
          <section aria-label="Traffic"><dl id="tiles" class="tiles"></dl></section>
          <section>
            <h2>Targets <small>numbers of <span class="window"></span>, graphs of five minutes</small></h2>
            <div id="targets" class="cards"></div>
          </section>
          <section>
            <h2>Failures <small>by target and code, since the start</small></h2>
            <div class="choices" role="group" aria-label="Which failures">
              <button type="button" data-which="failures" aria-pressed="true">Failures</button>
              <button type="button" data-which="rejections" aria-pressed="false">Refused requests</button>
            </div>
            <div id="failures"></div>
            <p id="no-failures" class="quiet" hidden></p>
          </section>
          <section id="store-section">
            <h2>Idempotency keys <small>requests of <span class="window"></span>, by what the store knew</small></h2>
            <p id="store-failure" class="alarm" hidden></p>
            <dl id="store" class="tiles"></dl>
          </section>
          <section>
            <h2>Workers <small>busy: share of a core in <span class="window"></span></small></h2>
            <table id="workers">
              <thead><tr><th>Worker<th>Busy<th>In flight<th>Connections</tr></thead>
              <tbody></tbody>
            </table>
          </section>
          <section>
            <h2>Configuration in force</h2>
            <p id="configuration-facts" class="quiet"></p>
            <ul id="certificates" class="codes"></ul>
            <div id="refusal" class="alarm" hidden></div>
            <details><summary>Show all values; secrets are masked</summary><pre id="configuration"></pre></details>
          </section>
        </main>
        <footer class="quiet">
          <a href="/exchanges">/exchanges</a> <a href="/workbench">/workbench</a>
          <a href="/metrics">/metrics</a> <a href="/status">/status</a>
          <a href="/readyz?verbose">/readyz</a> <a href="/livez">/livez</a>
        </footer>
        <noscript>
        <p class="alarm">This page needs JavaScript; <a href="/status">/status</a> has the same as JSON.</p>
        </noscript>
        """#
}
