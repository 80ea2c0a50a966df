extension StatusPage {
    static let style = #"""
        :root { color-scheme: light dark;
          --page: #f5f6f8; --card: #fff; --text: #1b1f24; --quiet: #5d6673; --line: #dfe3e8;
          --well: #1a7f4b; --degraded: #9a6200; --ill: #c6283a; --idle: #6b7480; --accent: #2458c5;
          --well-fill: #2fa866; --degraded-fill: #dd9a1f; --ill-fill: #e04a5b; --track: #e8ebef; }
        @media (prefers-color-scheme: dark) { :root {
          --page: #101317; --card: #191d23; --text: #e6e9ed; --quiet: #98a2ae; --line: #2c323a;
          --well: #5fd394; --degraded: #f0b64a; --ill: #ff7d8b; --idle: #98a2ae; --accent: #8ab0ff;
          --well-fill: #37a86b; --degraded-fill: #c98d22; --ill-fill: #d64a5a; --track: #2a3038; } }
        * { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 1280px; padding: 20px 24px 32px; background: var(--page);
          color: var(--text); font: 15px/1.45 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
        header { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 14px; margin-bottom: 16px; }
        h1 { font-size: 21px; margin: 0; font-weight: 650; }
        h2 { font-size: 16px; margin: 30px 0 10px; font-weight: 650; }
        h1 small, h2 small, .quiet { color: var(--quiet); font-weight: 400; font-size: 13px; }
        header .quiet { margin: 0 0 0 auto; }
        .pill { border-radius: 99px; padding: 2px 11px; font-size: 13px; font-weight: 600;
          border: 1px solid currentColor; color: var(--idle); white-space: nowrap; }
        .well { color: var(--well); } .degraded { color: var(--degraded); }
        .ill { color: var(--ill); } .idle { color: var(--idle); }
        .alarm { border-left: 4px solid var(--ill-fill); background: var(--card); padding: 10px 14px;
          margin: 0 0 16px; border-radius: 4px; white-space: pre-line; overflow-wrap: anywhere; }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(130px, 1fr)); gap: 10px; margin: 0; }
        .tiles > div, .card, table, details { background: var(--card); border: 1px solid var(--line);
          border-radius: 8px; }
        .tiles > div { padding: 10px 14px; display: flex; flex-direction: column-reverse; }
        .tiles dt { color: var(--quiet); font-size: 13px; }
        .tiles small { font-size: 12px; display: block; }
        .tiles dd { margin: 0; font-size: 22px; font-weight: 600; font-variant-numeric: tabular-nums; }
        .cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 290px), 1fr)); gap: 12px; }
        .card { padding: 14px 16px; min-width: 0; border-top: 3px solid var(--line);
          display: flex; flex-direction: column; }
        .card[data-health=well] { border-top-color: var(--well-fill); }
        .card[data-health=degraded] { border-top-color: var(--degraded-fill); }
        .card[data-health=ill] { border-top-color: var(--ill-fill); }
        .card h3 { margin: 0; font-size: 16px; display: flex; align-items: center; gap: 8px; }
        .card h3 span:first-child { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
        .card h3 .pill { margin-left: auto; }
        .where { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; margin: 2px 0 8px; }
        .facts { display: grid; grid-template-columns: repeat(2, 1fr); gap: 6px 12px; margin: 8px 0; }
        .facts dt { color: var(--quiet); font-size: 12px; }
        .facts dd { margin: 0; font-weight: 600; font-variant-numeric: tabular-nums; white-space: nowrap; }
        figure { margin: 0; }
        figcaption { display: flex; justify-content: space-between; font-size: 12px; }
        .spark { width: 100%; height: 34px; display: block; color: var(--accent); }
        .was { margin: 0 0 6px; font-size: 13px; }
        .bar { display: flex; gap: 1px; height: 8px; border-radius: 4px; overflow: hidden; background: var(--track); }
        .bar i { display: block; min-width: 3px; }
        .fill-ok { background: var(--well-fill); } .fill-caller { background: var(--degraded-fill); }
        .fill-vendor { background: var(--ill-fill); } .fill-other { background: var(--idle); }
        .codes { list-style: none; margin: 7px 0 0; padding: 0; font-size: 13px; }
        .codes li { display: flex; align-items: center; gap: 7px; }
        .codes i { width: 9px; height: 9px; border-radius: 2px; flex: none; }
        .codes b { margin-left: auto; font-weight: 500; font-variant-numeric: tabular-nums; }
        .last { border-top: 1px solid var(--line); margin: 10px 0 0; padding-top: 8px; font-size: 13px;
          overflow-wrap: anywhere; }
        .choices { margin-bottom: 8px; }
        button { font: inherit; font-size: 13px; padding: 3px 12px; border: 1px solid var(--line);
          background: var(--card); color: var(--text); border-radius: 99px; cursor: pointer; }
        button[aria-pressed=true] { border-color: var(--accent); color: var(--accent); }
        table { width: 100%; border-collapse: separate; border-spacing: 0; font-size: 14px; overflow: hidden; }
        th { text-align: left; font-weight: 500; color: var(--quiet); font-size: 13px; }
        th, td { padding: 7px 12px; border-bottom: 1px solid var(--line); vertical-align: top; }
        tr:last-child td { border-bottom: 0; }
        td { font-variant-numeric: tabular-nums; overflow-wrap: break-word; }
        .group { background: var(--card); border: 1px solid var(--line); border-radius: 8px; margin-bottom: 12px; }
        .group h3 { margin: 0; padding: 10px 14px; font-size: 15px; display: flex; align-items: center; gap: 10px; }
        .group ul { list-style: none; margin: 0; padding: 0; }
        .group > ul > li { border-top: 1px solid var(--line); padding: 9px 14px; }
        .group p { margin: 0; overflow-wrap: anywhere; font-size: 14px; }
        .group .kind { display: flex; flex-wrap: wrap; gap: 0 12px; align-items: baseline; }
        .group .age { margin-left: auto; }
        .group details { background: none; border: 0; padding: 2px 0 0; font-size: 13px; }
        .request { font-size: 13px; padding-top: 4px; overflow-wrap: anywhere; }
        time { font-variant-numeric: tabular-nums; }
        td code { color: inherit; }
        td small { display: block; color: var(--quiet); font-size: 12px; }
        code, pre { font: 12.5px/1.5 ui-monospace, SFMono-Regular, Menlo, "DejaVu Sans Mono", monospace; }
        #workers { max-width: 620px; } #workers .bar { width: 110px; display: inline-flex; margin-right: 8px; }
        #certificates { max-width: 620px; margin: 0 0 12px; }
        details { padding: 10px 14px; } summary { cursor: pointer; }
        pre { margin: 10px 0 0; overflow: auto; max-height: 60vh; }
        a { color: var(--accent); } footer { margin-top: 28px; } footer a { margin-right: 12px; }
        :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
        .stale main { opacity: .55; }
        @media (max-width: 720px) {
          body { padding: 14px 14px 28px; }
          th, td { padding: 7px 8px; } #workers .bar { width: 60px; }
          header .quiet { margin: 0; width: 100%; }
        }
        """#
}
