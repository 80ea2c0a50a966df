import GatewayTLS
import NIOCore

/// A page for people: one document that needs nothing else, under a content security policy that takes this style and
/// this script, by their digests, and nothing from elsewhere.
struct AdminPage: Sendable {
    private let html: ByteBuffer
    private let policy: String

    /// To be made once: the digests are.
    init(title: String, style: String, body: String, script: String) {
        let (style, script) = ("\n" + style + "\n", "\n" + script + "\n")
        let html = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>\(title)</title>
            <link rel="icon" href="data:,">
            <style>\(style)</style>
            </head>
            <body>
            \(body)
            <script>\(script)</script>
            </body>
            </html>

            """
        self.html = ByteBuffer(string: html)
        self.policy = Self.policy(style: style, script: script)
    }

    var answer: AdminAnswer {
        AdminAnswer(
            .ok, type: "text/html; charset=utf-8", body: self.html,
            fields: [("content-security-policy", self.policy), ("referrer-policy", "no-referrer")])
    }

    /// Content Security Policy Level 3: only what is in the document, and only this listener is asked.
    private static func policy(style: String, script: String) -> String {
        func source(_ text: String) -> String {
            SHA256.base64(of: Array(text.utf8)).map { "'sha256-\($0)'" } ?? "'none'"
        }
        return "default-src 'none'; style-src \(source(style)); script-src \(source(script)); connect-src 'self'; "
            + "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    }
}
