extension AdminPage {
    /// `/workbench`: a page to try a translation on, which asks `/workbench/translate` and `/workbench/fold`.
    static let workbench = AdminPage(
        title: "Workbench – product-gateway", style: StatusPage.style + WorkbenchPage.style,
        body: WorkbenchPage.body, script: WorkbenchPage.script)
}

/// The workbench: an editor for a canonical update and, beside it, what each target would be sent; an editor for a
/// vendor's answer, and what the caller would get.
///
/// Its script writes everything that comes from outside as text, never as markup, and keeps its state in the part of
/// the address that is never sent.
enum WorkbenchPage {
    static let body = #"""
        <header>
          <h1>Workbench <small>what each vendor would be sent. Nothing is sent. <a href="/">Status</a></small></h1>
          <p id="state" class="quiet" role="status">…</p>
        </header>
        <p id="alarm" class="alarm" role="alert" hidden></p>
        <main>
          <section aria-labelledby="update-title">
            <h2 id="update-title">An update
              <small>hover a value, or put the cursor on it, to see where it goes</small></h2>
            <form id="choices" class="bar-of-choices">
              <label>Example <select id="example"></select></label>
              <label>Operation
                <select id="operation"><option value="update">update<option value="create">create</select></label>
              <label>Product id <input id="product" autocomplete="off" spellcheck="false"></label>
              <label>Handling
                <select id="handling"><option value="">each target's own<option>strict<option>lenient</select></label>
              <button type="button" id="link">Copy link</button>
              <input id="address" aria-label="Link to this state" readonly hidden>
            </form>
            <fieldset id="targets"><legend>Targets</legend></fieldset>
            <div class="bench">
              <div class="side">
                <label for="document">Canonical update</label>
                <div class="editor" id="editor">
                  <pre aria-hidden="true"></pre>
                  <textarea id="document" spellcheck="false" autocapitalize="off" autocomplete="off"
                    aria-describedby="where malformed"></textarea>
                </div>
                <p id="malformed" class="mistake" role="alert" hidden></p>
                <p id="where" class="quiet where-it-goes" role="status"></p>
              </div>
              <div class="side" id="requests" role="region" aria-label="What each target would be sent"></div>
            </div>
          </section>
          <section aria-labelledby="answer-title">
            <h2 id="answer-title">A vendor's answer <small>what the caller of that update would get</small></h2>
            <form id="answer-choices" class="bar-of-choices">
              <label>From <select id="answer-target"></select></label>
              <label>Example <select id="answer-example"></select></label>
              <label>Status <input id="answer-status" type="number" min="200" max="599" value="200"></label>
              <label>Header fields <input id="answer-fields" autocomplete="off" placeholder="retry-after: 30"></label>
            </form>
            <div class="bench">
              <div class="side">
                <label for="answer">Its body</label>
                <div class="editor" id="answer-editor">
                  <pre aria-hidden="true"></pre>
                  <textarea id="answer" spellcheck="false" autocapitalize="off" autocomplete="off"
                    aria-describedby="answer-where"></textarea>
                </div>
                <p id="answer-where" class="quiet where-it-goes" role="status"></p>
              </div>
              <div class="side" id="folded" role="region" aria-label="What the caller would get"></div>
            </div>
          </section>
        </main>
        <noscript><p class="alarm">This page needs JavaScript; <code>product-gateway translate</code> and
          <code>product-gateway fold</code> do the same on the command line.</p></noscript>
        """#

    static let style = #"""

        body { max-width: 1680px; }
        :root { --lit: #ffe08a; --lit-text: #1b1f24; --carried: #2458c51f; --refused: #c6283a33; --lost: #9a620033; }
        @media (prefers-color-scheme: dark) { :root { --lit: #6b5200; --lit-text: #fff;
          --carried: #8ab0ff2e; --refused: #ff7d8b47;
          --lost: #f0b64a3d; } }
        .bar-of-choices { display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: end; margin-bottom: 10px; }
        label { color: var(--quiet); font-size: 12px; }
        .bar-of-choices label { display: flex; flex-direction: column; }
        input, select { font: inherit; font-size: 14px; padding: 4px 8px; border: 1px solid var(--line);
          border-radius: 6px; background: var(--card); color: var(--text); max-width: 100%; }
        #product { width: 22em; } #answer-status { width: 6em; } #address { width: 22em; }
        fieldset { border: 0; padding: 0; margin: 0 0 12px; display: flex; flex-wrap: wrap; gap: 4px 14px; }
        legend { float: left; margin-right: 14px; color: var(--quiet); font-size: 12px; padding: 4px 0; }
        fieldset label { font-size: 14px; color: var(--text); padding: 2px 0; }
        .bench { display: grid; grid-template-columns: minmax(0, 5fr) minmax(0, 7fr); gap: 20px; align-items: start; }
        @media (min-width: 901px) { .bench > .side:first-child { position: sticky; top: 12px; } }
        .side { min-width: 0; } .side > label { display: block; margin-bottom: 4px; }
        #requests { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 380px), 1fr)); gap: 12px;
          align-items: start; }
        .editor { display: grid; border: 1px solid var(--line); border-radius: 8px; background: var(--card); }
        .editor:focus-within { outline: 2px solid var(--accent); outline-offset: 1px; }
        .editor > * { grid-area: 1 / 1; margin: 0; padding: 12px 14px; border: 0; min-height: 15em; max-height: none;
          font: 13px/1.55 ui-monospace, SFMono-Regular, Menlo, "DejaVu Sans Mono", monospace; tab-size: 2;
          white-space: pre-wrap; overflow-wrap: anywhere; overflow: hidden; text-align: left; }
        .editor textarea { background: transparent; color: var(--text); resize: none; outline: 0; width: 100%; }
        .editor textarea.see-through { pointer-events: none; }
        .editor pre { color: transparent; }
        .editor pre span { border-radius: 3px; }
        .editor .carried { background: var(--carried); }
        .editor .refused { background: var(--refused); text-decoration: underline wavy var(--ill); }
        .editor .lost { background: var(--lost); text-decoration: underline dotted var(--degraded); }
        .editor .lit { background: var(--lit); }
        .request-card { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 12px 14px;
          border-top: 3px solid var(--line); min-width: 0; }
        .request-card.taken { border-top-color: var(--well-fill); }
        .request-card.refusing { border-top-color: var(--ill-fill); }
        .request-card h3 { margin: 0 0 6px; font-size: 15px; display: flex; gap: 8px; align-items: baseline; }
        .request-card h3 .pill { margin-left: auto; }
        .request-card h4 { font-size: 13px; margin: 12px 0 4px; }
        .request-card pre { white-space: pre-wrap; overflow-wrap: anywhere; max-height: none; margin: 6px 0 0; }
        .line { overflow-wrap: anywhere; margin: 0; font: 12.5px/1.5 ui-monospace, SFMono-Regular, Menlo,
          "DejaVu Sans Mono", monospace; }
        .next { margin-top: 10px; padding-top: 8px; border-top: 1px solid var(--line); }
        .fields { margin: 4px 0 0; padding: 0; list-style: none; color: var(--quiet); }
        button.value { all: unset; background: var(--carried); border-radius: 3px; cursor: pointer;
          white-space: pre-wrap; overflow-wrap: anywhere; }
        button.value:focus-visible { outline: 2px solid var(--accent); }
        button.value.lit { background: var(--lit); color: var(--lit-text); }
        .reasons { margin: 6px 0 0; padding: 0; list-style: none; font-size: 13px; }
        .reasons li { padding: 3px 0; overflow-wrap: anywhere; }
        button.pointer { all: unset; cursor: pointer; color: var(--accent); text-decoration: underline;
          font: 12.5px ui-monospace, SFMono-Regular, Menlo, "DejaVu Sans Mono", monospace; }
        button.pointer:focus-visible { outline: 2px solid var(--accent); }
        .mistake { color: var(--ill); margin: 6px 0 0; font-size: 13px; }
        .where-it-goes { min-height: 3em; margin: 6px 0 0; overflow-wrap: anywhere; white-space: pre-line; }
        .stale { opacity: .6; }
        @media (max-width: 900px) { .bench { grid-template-columns: minmax(0, 1fr); }
          #product, #address { width: 100%; } .editor > * { min-height: 9em; } .where-it-goes { min-height: 1.5em; } }
        @media (prefers-reduced-motion: no-preference) { .stale { transition: opacity .2s .3s; } }
        @media (forced-colors: active) { .lit { outline: 2px solid Highlight; } .refused { outline: 1px solid Mark; } }
        """#

    static let script = tools + editor + requests + state
}
