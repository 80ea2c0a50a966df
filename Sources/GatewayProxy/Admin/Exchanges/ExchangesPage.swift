extension AdminPage {
    /// `/exchanges` in a browser: what the stream of the same address brings, newest first.
    static let exchanges = AdminPage(
        title: "Exchanges – product-gateway", style: StatusPage.style + ExchangesPage.style,
        body: ExchangesPage.body, script: ExchangesPage.script)
}

/// The page of exchanges as they end. The script writes everything that comes as text, never as markup.
enum ExchangesPage {
    static let style = #"""

        form { display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: end; margin-bottom: 12px; }
        label { display: flex; flex-direction: column; font-size: 12px; color: var(--quiet); }
        input { font: inherit; font-size: 14px; padding: 4px 8px; width: 9.5em; border: 1px solid var(--line);
          border-radius: 6px; background: var(--card); color: var(--text); }
        .wide { overflow-x: auto; }
        #exchanges td { white-space: nowrap; } #exchanges td.right, #exchanges th.right { text-align: right; }
        #exchanges .result { margin-right: 12px; }
        """#

    static let body = #"""
        <header>
          <h1>Exchanges <small>as they end, newest first; <a href="/">status</a></small></h1>
          <p id="state" class="quiet" role="status">…</p>
        </header>
        <main>
          <form id="filter" aria-label="Filter">
            <label>Target <input name="target" autocomplete="off"></label>
            <label>Caller <input name="caller" autocomplete="off"></label>
            <label>Code <input name="code" autocomplete="off" placeholder="vendor_timeout"></label>
            <label>Status <input name="status" autocomplete="off" placeholder="5xx"></label>
            <label>Slower than <input name="slowerThan" autocomplete="off" placeholder="250ms"></label>
            <label>Id begins with <input name="id" autocomplete="off"></label>
            <button>Watch</button>
            <button type="button" id="pause" aria-pressed="false">Pause</button>
          </form>
          <p id="alarm" class="alarm" role="alert" hidden></p>
          <div class="wide" role="region" aria-label="Exchanges" tabindex="0">
          <table id="exchanges">
            <thead><tr><th>Time<th>Caller<th>Operation<th>Request<th>Status
              <th class="right">Took<th>Targets</tr></thead>
            <tbody></tbody>
          </table>
          </div>
          <p id="none" class="quiet">None since this page was opened.</p>
        </main>
        """#

    static let script = #"""
        "use strict";
        const $ = id => document.getElementById(id);
        function make(name, attributes, ...children) {
          const element = document.createElement(name);
          for (const [key, value] of Object.entries(attributes || {})) element.setAttribute(key, value);
          element.append(...children.filter(child => child !== null && child !== undefined));
          return element;
        }
        /** What a page keeps: what somebody scrolls back through, and no more than a browser likes. */
        const rowsMax = 200;
        const duration = microseconds => microseconds < 1e6 ? (microseconds / 1e3).toFixed(1) + " ms"
          : (microseconds / 1e6).toFixed(2) + " s";
        const mood = status => status === undefined ? "idle"
          : status < 400 ? "well" : status < 500 ? "degraded" : "ill";
        let paused = false, held = [], reading;
        /** What became of the lines of a stream. */
        function counts(part) {
          const told = ["done", "partial", "rejected", "unknown", "notSent"].filter(name => part[name])
            .map(name => part[name] + " " + (name === "notSent" ? "not sent" : name));
          return part.lines + (part.lines === 1 ? " line" : " lines") + (told.length ? ": " + told.join(", ") : "");
        }
        function result(part) {
          const isStream = part.lines !== undefined;
          const good = part.code === "dry_run" || part.code === "ok" && (!isStream || part.done === part.lines);
          const text = part.code !== "ok" ? part.code.replaceAll("_", " ") : isStream ? counts(part) : "✓";
          const failed = part.code.startsWith("vendor_") || ["overloaded", "internal_error"].includes(part.code);
          return make("span", { class: "result" }, part.target ? part.target + " " : "",
            make("span", { class: good ? "well" : failed ? "ill" : "degraded" }, text));
        }
        function row(exchange) {
          const results = exchange.results || [exchange];
          return make("tr", { "data-id": exchange.requestId || "" },
            make("td", {}, make("time", { datetime: exchange.time }, exchange.time.slice(11, 23))),
            make("td", {}, exchange.caller || "–"), make("td", {}, exchange.operation),
            make("td", {}, make("code", { title: "trace " + exchange.traceId }, exchange.requestId || "–")),
            make("td", {}, make("span", { class: mood(exchange.status) }, String(exchange.status ?? "–"))),
            make("td", { class: "right" }, duration(exchange.durationMicroseconds)),
            make("td", {}, ...results.map(result)));
        }
        function show(exchanges) {
          if (!exchanges.length) return;
          const body = $("exchanges").tBodies[0];
          body.prepend(...exchanges.map(row).reverse());
          while (body.rows.length > rowsMax) body.rows[body.rows.length - 1].remove();
          $("none").hidden = true;
        }
        function take(lines) {
          const parts = lines.filter(line => line).map(line => JSON.parse(line));
          for (const part of parts) if (part.message !== "exchange") say(part.count + " " + part.message);
          const exchanges = parts.filter(part => part.message === "exchange");
          if (paused) held = held.concat(exchanges).slice(-rowsMax);
          else show(exchanges);
        }
        function say(text) { $("state").textContent = text; }
        function alarm(text) { $("alarm").hidden = !text; $("alarm").textContent = text; }
        async function watch(query) {
          reading?.abort();
          const own = reading = new AbortController();
          try {
            const answer = await fetch("/exchanges?" + query,
              { headers: { accept: "application/x-ndjson" }, signal: own.signal });
            if (!answer.ok) { say("not watching"); return alarm(await answer.text()); }
            alarm(""); say("watching");
            const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
            let rest = "";
            for (;;) {
              const { done, value } = await reader.read();
              if (done) break;
              const lines = (rest + value).split("\n");
              rest = lines.pop();
              take(lines);
            }
            throw new Error("the gateway has ended the stream");
          } catch (error) {
            if (own.signal.aborted) return;
            say("waiting for the gateway");
            setTimeout(() => { if (own === reading) watch(query); }, 2000);
          }
        }
        function filter() {
          const pairs = [...new FormData($("filter"))].filter(([, value]) => value.trim());
          return new URLSearchParams(pairs.map(([name, value]) => [name, value.trim()])).toString();
        }
        $("filter").addEventListener("submit", event => {
          event.preventDefault();
          const query = filter();
          history.replaceState(null, "", query ? "?" + query : location.pathname);
          $("exchanges").tBodies[0].replaceChildren();
          $("none").hidden = false;
          watch(query);
        });
        $("pause").addEventListener("click", () => {
          paused = !paused;
          $("pause").setAttribute("aria-pressed", paused);
          if (!paused) { show(held); held = []; }
        });
        for (const [name, value] of new URLSearchParams(location.search)) {
          if ($("filter").elements[name]) $("filter").elements[name].value = value;
        }
        watch(filter());
        """#
}
