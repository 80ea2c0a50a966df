internal import GatewayTLS

/// A step of a record as the server runs it: compares what it finds and acts, in one. The server's clock is the only
/// one. Loaded once and called by its digest; a server that has forgotten it is sent it again.
///
/// A record is one string, so that a cluster keeps it in one place, and that the step that is run most, a first claim,
/// is a `SET NX`; `RedisRecord` says what is in it. How long it is kept also tells how old it is: leases are counted
/// from the record's beginning.
struct RedisScript: Sendable {
    let text: String
    let digest: String

    init(_ text: String) {
        self.text = text
        self.digest = SHA1.hexadecimal(of: Array(text.utf8)) ?? ""
    }

    /// The call of it, which the key and the arguments follow.
    ///
    /// - Parameter room: for so many bytes of them.
    func command(room: Int) -> RedisCommand {
        var command = RedisCommand("EVALSHA", room: room + self.digest.utf8.count)
        command.append(self.digest.utf8)
        command.append("1".utf8)
        return command
    }

    /// The record as it was found, the owner, the lease in milliseconds, the targets as they are to be. Answers 0 where
    /// the record is the owner's now, for how long somebody else may be at it, or the record where it has changed.
    static let take = RedisScript(
        #"""
        local k = KEYS[1]
        local v = redis.call('GET', k)
        if v ~= ARGV[1] then return v end
        local lease, kept = struct.unpack('>I8I8', v, 10)
        local age = kept - redis.call('PTTL', k)
        if lease > age and string.sub(v, 2, 9) ~= ARGV[2] then return lease - age end
        local head = 78 + string.byte(v, 78)
        redis.call('SET', k, string.sub(v, 1, 1) .. ARGV[2] .. struct.pack('>I8', math.max(0, age) + ARGV[3])
          .. string.sub(v, 18, head) .. ARGV[4], 'KEEPTTL')
        return 0
        """#)

    /// Owner, target.
    static let advance = RedisScript(
        #"""
        local k = KEYS[1]
        local v = redis.call('GET', k)
        if not v or string.sub(v, 2, 9) ~= ARGV[1] then return 0 end
        local lease, kept = struct.unpack('>I8I8', v, 10)
        if lease <= kept - redis.call('PTTL', k) then return 0 end
        local at = 79 + string.byte(v, 78)
        while at <= #v do
          local stage, name, answer, after = struct.unpack('>BI4c0I4c0', v, at)
          if name == ARGV[2] then
            if stage == 3 then return 0 end
            redis.call('SETRANGE', k, at - 1, '\2')
            return 1
          end
          at = after
        end
        return 0
        """#)

    /// Owner, target, the target as it is to be (none: it is released), whether it is the last. Run with nearly every
    /// request: as few calls as there can be. Answers 2 where the record is gone with its last target.
    static let settle = RedisScript(
        #"""
        local k = KEYS[1]
        local v = redis.call('GET', k)
        if not v or string.sub(v, 2, 9) ~= ARGV[1] then return 0 end
        local head = 79 + string.byte(v, 78)
        local at = head
        while at <= #v do
          local stage, name, answer, after = struct.unpack('>BI4c0I4c0', v, at)
          if name == ARGV[2] then
            local before, rest = string.sub(v, 1, at - 1), string.sub(v, after)
            if ARGV[3] == '' and rest == '' and at == head then
              redis.call('DEL', k)
              return 2
            end
            if ARGV[4] == '1' then
              before = string.sub(v, 1, 9) .. '\0\0\0\0\0\0\0\0' .. string.sub(v, 18, at - 1)
            end
            redis.call('SET', k, before .. ARGV[3] .. rest, 'KEEPTTL')
            return 1
          end
          at = after
        end
        return 0
        """#)

    static let lookUp = RedisScript(
        #"""
        local v = redis.call('GET', KEYS[1])
        if not v then return {} end
        return {v, redis.call('PTTL', KEYS[1])}
        """#)

    /// What a caller's records take: a hash with the bytes that are gone at a moment for that moment. In which steps
    /// moments are told apart, how long what is added is kept, both in milliseconds; how much is added. Answers how
    /// much there is.
    static let room = RedisScript(
        #"""
        local k = KEYS[1]
        local t = redis.call('TIME')
        local now = t[1] * 1000 + math.floor(t[2] / 1000)
        local step, kept, added = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
        if added ~= 0 then
          redis.call('HINCRBY', k, string.format('%.0f', (math.floor((now + kept) / step) + 1) * step), ARGV[3])
        end
        local all, sum, last = redis.call('HGETALL', k), 0, 0
        for i = 1, #all, 2 do
          local ends = tonumber(all[i])
          if ends <= now then
            redis.call('HDEL', k, all[i])
          else
            sum = sum + all[i + 1]
            last = math.max(last, ends)
          end
        end
        if last > 0 then redis.call('PEXPIRE', k, string.format('%.0f', last - now)) end
        return math.max(0, sum)
        """#)
}
