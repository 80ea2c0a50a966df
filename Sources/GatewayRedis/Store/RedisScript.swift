internal import GatewayTLS

/// A step of a record as the server runs it: compares what it finds and acts, in one. The server's clock is the only
/// one. Loaded once and called by its digest; a server that has forgotten it is sent it again.
///
/// A record is a hash of one key, so that a cluster keeps it in one place: `f` the fingerprint, `r` the first request's
/// id, `o` the owner, `l` the end of its lease, and for each target `t:NAME`, its stage's digit and its answer.
struct RedisScript: Sendable {
    let text: String
    let digest: String

    init(_ text: String) {
        self.text = text
        self.digest = SHA1.hexadecimal(of: Array(text.utf8)) ?? ""
    }

    private static let now = """
        local k = KEYS[1]
        local t = redis.call('TIME')
        local now = t[1] * 1000 + math.floor(t[2] / 1000)
        local function targets()
          local all, list = redis.call('HGETALL', k), {}
          for i = 1, #all, 2 do
            if string.sub(all[i], 1, 2) == 't:' then
              list[#list + 1] = string.sub(all[i], 3)
              list[#list + 1] = all[i + 1]
            end
          end
          return list
        end

        """

    /// Fingerprint, request id, owner, lease and retention in milliseconds, the stage to begin with, targets.
    static let claim = RedisScript(
        RedisScript.now + """
            local f = redis.call('HGET', k, 'f')
            if not f then
              redis.call('HSET', k, 'f', ARGV[1], 'r', ARGV[2], 'o', ARGV[3],
                'l', string.format('%.0f', now + ARGV[4]), 't:' .. ARGV[7], ARGV[6])
              for i = 8, #ARGV do redis.call('HSET', k, 't:' .. ARGV[i], ARGV[6]) end
              redis.call('PEXPIRE', k, ARGV[5])
              return {'new'}
            end
            local r = redis.call('HGET', k, 'r')
            -- The digest decides; the rest only says what differs.
            if string.sub(f, 1, 32) ~= string.sub(ARGV[1], 1, 32) then return {'reused', r, f} end
            local earlier, done = targets(), true
            for i = 2, #earlier, 2 do done = done and string.sub(earlier[i], 1, 1) == '3' end
            if done and #earlier == 2 * (#ARGV - 6) then return {'done', r, earlier} end
            local left = tonumber(redis.call('HGET', k, 'l')) - now
            if left > 0 and redis.call('HGET', k, 'o') ~= ARGV[3] then return {'busy', r, left} end
            redis.call('HSET', k, 'o', ARGV[3], 'l', string.format('%.0f', now + ARGV[4]))
            for i = 7, #ARGV do
              local s = redis.call('HGET', k, 't:' .. ARGV[i])
              if not s or s == '1' then redis.call('HSET', k, 't:' .. ARGV[i], ARGV[6]) end
            end
            return {'owned', r, earlier}
            """)

    /// Owner, target.
    static let advance = RedisScript(
        RedisScript.now + """
            if redis.call('HGET', k, 'o') ~= ARGV[1] then return 0 end
            if tonumber(redis.call('HGET', k, 'l')) <= now then return 0 end
            local s = redis.call('HGET', k, 't:' .. ARGV[2])
            if not s or string.sub(s, 1, 1) == '3' then return 0 end
            redis.call('HSET', k, 't:' .. ARGV[2], '2')
            return 1
            """)

    /// Owner, target, what became of it, the answer, whether it is the last. The one that is run most: as few calls as
    /// there can be.
    static let settle = RedisScript(
        """
        local k = KEYS[1]
        local name = 't:' .. ARGV[2]
        local found = redis.call('HMGET', k, 'o', name)
        if found[1] ~= ARGV[1] or not found[2] then return 0 end
        if ARGV[3] == 'released' then
          redis.call('HDEL', k, name)
          if redis.call('HLEN', k) == 4 then
            redis.call('DEL', k)
            return 1
          end
          if ARGV[5] == '1' then redis.call('HSET', k, 'l', '0') end
          return 1
        end
        local value = ARGV[3] == 'done' and '3' .. ARGV[4] or '2'
        if ARGV[5] == '1' then
          redis.call('HSET', k, name, value, 'l', '0')
        else
          redis.call('HSET', k, name, value)
        end
        return 1
        """)

    static let lookUp = RedisScript(
        RedisScript.now + """
            local r = redis.call('HGET', k, 'r')
            if not r then return {} end
            return {r, tonumber(redis.call('HGET', k, 'l')) - now, redis.call('PTTL', k), targets()}
            """)
}
