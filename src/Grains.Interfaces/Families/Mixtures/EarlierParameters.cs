using System.Collections.Immutable;
using OrleansCluster.Families;
using OrleansCluster.Families.Mixtures;

namespace OrleansCluster.Models;

/// <content>What builds wrote before parameters had the arrays of any family. It is read and never written.</content>
public sealed partial record ModelParameters
{
    [Id(4)]
    internal MixtureShape? EarlierMixture
    {
        get => null;
        set
        {
            if (value is null)
                return;
            int d = Columns.Length;
            ImmutableArray<int> shape = value.Covariance switch { "full" => [K, d, d], "tied" => [d, d], "diag" => [K, d], _ => [K] };
            Earlier.Take(this, nameof(CentroidsName), MixtureNames.Means);
            Earlier.Take(this, nameof(Arrays), (ImmutableArray<NamedArray>)
            [
                new NamedArray { Name = MixtureNames.Weights, Shape = [K], Values = value.Weights, Inline = true },
                new NamedArray { Name = MixtureNames.Covariances, Shape = shape, Values = value.Covariances, PerCluster = value.Covariance != "tied" },
            ]);
            Earlier.Take(this, nameof(Remarks), (ImmutableArray<Remark>)[new Remark { Name = MixtureNames.Covariance, Text = value.Covariance }]);
            Earlier.Take(this, nameof(Measures), (ImmutableArray<Measure>)[new Measure { Name = MixtureNames.Threshold, Value = value.Threshold }]);
        }
    }
}
