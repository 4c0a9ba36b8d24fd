namespace OrleansCluster;

/// <summary>Reads what earlier builds wrote elsewhere than this one does.</summary>
internal static class Earlier
{
    /// <summary>Puts a value where it belongs now.</summary>
    /// <param name="record">What is being read.</param>
    /// <param name="property">Where it belongs.</param>
    /// <param name="value">The value; null: there was none.</param>
    public static void Take(object record, string property, object? value)
    {
        if (value is not null)
            record.GetType().GetProperty(property)!.SetValue(record, value);
    }
}
