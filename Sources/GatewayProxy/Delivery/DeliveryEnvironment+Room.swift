extension DeliveryEnvironment {
    /// How many more deliveries to a target would go out at once, without waiting for another to end.
    func room(at target: Target) -> Int { self.state(of: target).pool.room }
}
