using System.Text.Json;
using OrleansCluster.Contracts.Api;

namespace OrleansCluster.Json;

/// <summary>Reads price lists.</summary>
public static class PriceLists
{
    /// <summary>Prices up to this keep what things cost within what decimal numbers hold.</summary>
    private const decimal MostPrice = 1e9m;

    /// <summary>A price list of JSON, as <c>{"currency": "EUR", "training_hour": 0.05}</c>.</summary>
    /// <param name="json">Its bytes.</param>
    /// <param name="file">Where it comes from, for messages.</param>
    /// <exception cref="ClusteringException">It is none; the message says where.</exception>
    public static PriceListDocument Read(ReadOnlySpan<byte> json, string file)
    {
        PriceListDocument prices;
        try
        {
            prices = JsonSerializer.Deserialize(json, ApiJson.Default.PriceListDocument)
                ?? throw new ClusteringException($"{file} is null, and no price list.");
        }
        catch (JsonException e)
        {
            string known = string.Join(", ", ApiJson.Default.PriceListDocument.Properties.Select(property => property.Name));
            throw new ClusteringException($"{file} is no price list, at {e.Path ?? "$"}, line {e.LineNumber + 1}: it is an object with {known}.");
        }

        if (prices.Currency is not { Length: 3 } || !prices.Currency.All(char.IsAsciiLetterUpper))
            throw new ClusteringException($"{file} names no currency at $.currency: write its three capital letters, as \"EUR\".");
        (string Name, decimal Price)[] all =
        [
            ("training_hour", prices.TrainingHour), ("serving_hour", prices.ServingHour), ("stored_gigabyte_month", prices.StoredGigabyteMonth),
            ("million_requests", prices.MillionRequests), ("million_rows", prices.MillionRows),
        ];
        if (all.FirstOrDefault(one => one.Price is < 0 or > MostPrice) is { Name: { } wrong } price)
            throw new ClusteringException(FormattableString.Invariant($"{file} has {price.Price} at $.{wrong}: a price is a number from 0 to 1000000000."));
        return prices;
    }
}
