using System.Text.Json;
using OrleansCluster.Cli.Output;
using OrleansCluster.Training;

namespace OrleansCluster.Cli.Demo;

/// <summary>What the demo found, for <c>--report json</c>.</summary>
internal sealed class DemoReport
{
    public string Home { get; set; } = "";

    public List<TrainingReport> Versions { get; } = [];

    /// <summary>Rows that are in other company in the second version.</summary>
    public long Moved { get; set; }

    /// <summary>New rows that were assigned.</summary>
    public long Assigned { get; set; }

    /// <summary>The mixture.</summary>
    public TrainingReport? Mixture { get; set; }

    /// <summary>Rows that the mixture flags.</summary>
    public long Anomalies { get; set; }

    public string Job { get; set; } = "";

    /// <summary>The process that was killed.</summary>
    public int Killed { get; set; }

    public TrainingReport? Resumed { get; set; }

    public TrainingReport? Whole { get; set; }

    public List<string> Commands { get; } = [];

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("home", Home);
        json.WriteStartArray("versions");
        foreach (TrainingReport version in Versions)
            TrainingJson.Write(json, version, 0, ClusterNames.None);
        json.WriteEndArray();
        json.WriteNumber("moved", Moved);
        json.WriteNumber("assigned", Assigned);
        if (Mixture is not null)
        {
            json.WritePropertyName("mixture");
            TrainingJson.Write(json, Mixture, 0, ClusterNames.None);
        }

        json.WriteNumber("anomalies", Anomalies);
        json.WriteStartObject("crash");
        json.WriteString("job", Job);
        json.WriteNumber("killed_process", Killed);
        json.WriteNumber("restarts", Whole?.Restarts.Length ?? 0);
        json.WriteString("digest", Resumed?.Digest);
        json.WriteString("uninterrupted_digest", Whole?.Digest);
        json.WriteEndObject();
        json.WriteStrings("commands", Commands);
        json.WriteEndObject();
    }
}
