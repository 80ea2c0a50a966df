import Glibc

/// The last line of a terminal, which is written over; or lines below each other, where there is no terminal.
///
/// Used by one thread at a time.
package final class TerminalLine {
    package let isTerminal: Bool
    package let takesColour: Bool
    private let descriptor: Int32
    private var isShown = false

    /// - Parameter environment: `NO_COLOR` (no-color.org) and `TERM` are looked at.
    package init(descriptor: Int32, environment: [String: String]) {
        self.descriptor = descriptor
        self.isTerminal = isatty(descriptor) == 1 && environment["TERM"] != "dumb"
        self.takesColour = self.isTerminal && (environment["NO_COLOR"] ?? "").isEmpty
    }

    /// Shows `text` in the place of what was shown; as much as fits.
    package func show(_ line: String) {
        let text = Self.visible(line)
        guard self.isTerminal else {
            self.write(text + "\n")
            return
        }
        self.write("\r\u{1B}[2K" + Self.fitting(text, columns: self.columns))
        self.isShown = true
    }

    /// Writes a line that stays, above what is shown.
    package func say(_ text: String) {
        self.clear()
        self.write(Self.visible(text) + "\n")
    }

    /// Takes away what is shown.
    package func clear() {
        guard self.isShown else { return }
        self.isShown = false
        self.write("\r\u{1B}[2K")
    }

    private var columns: Int {
        var size = winsize()
        guard ioctl(self.descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// `text` without what would move the cursor or give the terminal a command, because some of it comes from a
    /// gateway; colours stay.
    static func visible(_ text: String) -> String {
        var visible = String.UnicodeScalarView()
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            if scalar == "\u{1B}", rest.first == "[" {
                let parameters = rest.dropFirst().prefix { ("0"..."9").contains($0) || $0 == ";" }
                if rest[parameters.endIndex...].first == "m" {
                    visible.append(scalar)
                    continue
                }
            }
            switch scalar.value {
            case 0..<0x20, 0x7F..<0xA0: continue
            default: visible.append(scalar)
            }
        }
        return String(visible)
    }

    /// The beginning of `text` that takes less than a row, without its colours counted.
    static func fitting(_ text: String, columns: Int) -> String {
        var shown = ""
        var count = 0
        var isEscape = false
        var isColoured = false
        for character in text.unicodeScalars {
            if character == "\u{1B}" {
                isEscape = true
                isColoured = true
            }
            if !isEscape {
                guard count < columns - 1 else { return isColoured ? shown + "\u{1B}[0m" : shown }
                count += 1
            } else if character == "m" {
                isEscape = false
            }
            shown.unicodeScalars.append(character)
        }
        return shown
    }

    private func write(_ text: String) { _ = LineFile.write(Array(text.utf8), to: self.descriptor) }
}
