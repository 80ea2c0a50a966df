import NIOCore

/// In which order the addresses of a name are tried. Decides only.
enum AddressOrder {
    /// The families take turns, beginning with the first address's (RFC 8305 section 4); what has lately not answered
    /// comes last, each in the order it came.
    static func arrange(_ addresses: [SocketAddress], last avoided: Set<String>) -> [SocketAddress] {
        var preferred: [SocketAddress] = []
        var rest: [SocketAddress] = []
        for address in addresses {
            if avoided.contains(address.ipAddress ?? "") { rest.append(address) } else { preferred.append(address) }
        }
        return self.interleave(preferred) + self.interleave(rest)
    }

    private static func interleave(_ addresses: [SocketAddress]) -> [SocketAddress] {
        guard let family = addresses.first?.protocol else { return [] }
        let ours = addresses.filter { $0.protocol == family }
        let others = addresses.filter { $0.protocol != family }
        var result: [SocketAddress] = []
        for index in 0..<max(ours.count, others.count) {
            if index < ours.count { result.append(ours[index]) }
            if index < others.count { result.append(others[index]) }
        }
        return result
    }
}
