/// An object of `gateway.json`.
///
/// Its initialiser reads the keys and, by the same calls, declares them: there is no second table
/// that could disagree. So it must read every key on every path, before anything can make it return;
/// it runs once on an empty object to make the schema and the reference.
protocol ConfigurationObject {
    /// Nil where a required key is missing or wrong, which `reader` has then reported.
    init?(reading reader: ObjectReader)
}

/// An object in which every key has a default, so that it can be left out.
protocol DefaultedObject: ConfigurationObject {
    init(reading reader: ObjectReader)
}
