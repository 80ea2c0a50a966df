extension RedisScript {
    /// A limit is one number: the moment, in microseconds of the server's clock, when everything that was let in would
    /// have come, had it come evenly. It is gone when that is over.
    ///
    /// What was added, what the instance knew, the most that can be true; all in microseconds.
    static let reportLimit = RedisScript(
        """
        local k = KEYS[1]
        local t = redis.call('TIME')
        local now = t[1] * 1000000 + t[2]
        local a = math.max(tonumber(redis.call('GET', k) or '0') or 0, now, now + ARGV[2]) + ARGV[1]
        a = math.min(a, now + ARGV[3])
        if a <= now then
          redis.call('DEL', k)
          return 0
        end
        redis.call('SET', k, string.format('%.0f', a), 'PX', math.ceil((a - now) / 1000))
        return a - now
        """)

    /// A pause is its reason, which is gone when it is over. Milliseconds, 0 to ask only; the reason.
    static let pause = RedisScript(
        """
        local k = KEYS[1]
        local left = math.max(0, redis.call('PTTL', k))
        if tonumber(ARGV[1]) > left then
          redis.call('SET', k, ARGV[2], 'PX', ARGV[1])
          return {tonumber(ARGV[1]), ARGV[2]}
        end
        if left == 0 then return {0, '0'} end
        return {left, redis.call('GET', k)}
        """)
}
