using System.Collections.Immutable;
using System.Text.Json;
using OrleansCluster.Web.Exchange;
using OrleansCluster.Web.Problems;
using OrleansCluster.Web.Rows;

namespace OrleansCluster.Web.Inference;

/// <summary>Reads questions of the Open Inference Protocol in JSON, with tensors in it, or behind it as bytes.</summary>
internal ref struct InferJson
{
    private ReadOnlyMemory<byte> _binary;
    private Utf8JsonReader _json;

    private InferJson(ReadOnlyMemory<byte> json, ReadOnlyMemory<byte> binary)
    {
        _json = new Utf8JsonReader(json.Span, JsonTable.Options);
        _binary = binary;
    }

    /// <summary>Reads a question.</summary>
    /// <param name="json">The JSON.</param>
    /// <param name="binary">The tensors' bytes behind it, in the order in which the JSON names them.</param>
    /// <exception cref="ProblemException">It is no question of the protocol; the message says where.</exception>
    public static InferRequest Read(ReadOnlyMemory<byte> json, ReadOnlyMemory<byte> binary)
    {
        try
        {
            var reader = new InferJson(Bodies.CheckText(json), binary);
            return reader.Read();
        }
        catch (JsonException broken)
        {
            throw Bodies.Explain(broken);
        }
    }

    private InferRequest Read()
    {
        (string? id, bool binaryOutputs) = (null, false);
        ImmutableArray<Tensor>? inputs = null;
        ImmutableArray<WantedOutput> outputs = [];
        if (!_json.Read() || _json.TokenType != JsonTokenType.StartObject)
            throw ProblemException.Content("The body must be an object with inputs.");
        while (Next(out string? member))
        {
            switch (member)
            {
                case "id":
                    id = Text("id");
                    break;
                case "parameters":
                    binaryOutputs = Parameters().BinaryOutput ?? false;
                    break;
                case "inputs":
                    inputs = Inputs();
                    break;
                case "outputs":
                    outputs = Outputs();
                    break;
                default:
                    // Clients add members of their own.
                    _json.Skip();
                    break;
            }
        }

        if (!_binary.IsEmpty)
            throw ProblemException.Content($"{_binary.Length} bytes are left behind the JSON that no tensor's binary_data_size names.");
        return new InferRequest
        {
            Id = id,
            BinaryOutputs = binaryOutputs,
            Inputs = inputs
            ?? throw ProblemException.Content("The request has no inputs."),
            Outputs = outputs
        };
    }

    private ImmutableArray<Tensor> Inputs()
    {
        Expect(JsonTokenType.StartArray, "inputs must be a list of tensors.");
        var tensors = new List<Tensor>();
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
            tensors.Add(Input(tensors.Count));
        return [.. tensors];
    }

    private Tensor Input(int number)
    {
        Expect(JsonTokenType.StartObject, $"Input {number} (from 0) must be an object.");
        (string? name, string? type, long? binary) = (null, null, null);
        ImmutableArray<long>? shape = null;
        (List<double>? numbers, List<string?>? texts, bool flags) = (null, null, false);
        while (Next(out string? member))
        {
            switch (member)
            {
                case "name":
                    name = Text("name");
                    break;
                case "datatype":
                    type = Text("datatype");
                    break;
                case "shape":
                    shape = Shape(number);
                    break;
                case "parameters":
                    binary = Parameters().BinarySize;
                    break;
                case "data":
                    (numbers, texts) = ([], []);
                    flags = Data(number, numbers, texts);
                    break;
                default:
                    _json.Skip();
                    break;
            }
        }

        if (name is null || type is null || shape is null)
            throw ProblemException.Content($"Input {number} (from 0) lacks its {(name is null ? "name" : type is null ? "datatype" : "shape")}.");
        if (binary is { } size)
        {
            if (numbers is not null)
                throw ProblemException.Content($"The tensor '{name}' has both data and a binary_data_size: its values come one way.");
            if (size < 0 || size > _binary.Length)
                throw ProblemException.Content($"The tensor '{name}' promises {size} bytes, and {_binary.Length} are left behind the JSON.");
            ReadOnlyMemory<byte> bytes = _binary[..(int)size];
            _binary = _binary[(int)size..];
            return Tensor.Of(name, type, shape.Value, bytes);
        }

        if (numbers is null || texts is null)
            throw ProblemException.Content($"The tensor '{name}' has neither data nor a binary_data_size.");
        if (type == TensorType.Bytes && numbers.TrueForAll(double.IsNaN))
        {
            // All that came is missing.
            texts.AddRange(new string?[numbers.Count]);
            numbers.Clear();
        }

        if (type == TensorType.Bytes ? numbers.Count > 0 : texts.Count > 0 || (flags && type != TensorType.Flags))
            throw ProblemException.Content($"The tensor '{name}' of type {type} holds {(texts.Find(text => text is not null) is { } text
                ? $"text ('{(text.Length > 40 ? text[..40] + "…" : text)}')" : flags ? "true and false" : "numbers")}.");
        return type == TensorType.Bytes ? Tensor.Of(name, shape.Value, [.. texts]) : Tensor.Of(name, type, shape.Value, [.. numbers]);
    }

    /// <summary>Values, in lists of lists or in one; NaN or null where one is missing.</summary>
    /// <returns>Whether true and false (1 and 0) are among the numbers.</returns>
    private bool Data(int input, List<double> numbers, List<string?> texts)
    {
        bool flags = false;
        Expect(JsonTokenType.StartArray, $"The data of input {input} (from 0) must be a list.");
        for (int depth = 1; depth > 0 && _json.Read();)
        {
            switch (_json.TokenType)
            {
                case JsonTokenType.StartArray:
                    depth++;
                    break;
                case JsonTokenType.EndArray:
                    depth--;
                    break;
                case JsonTokenType.String when numbers.TrueForAll(double.IsNaN):
                    texts.AddRange(new string?[numbers.Count]);
                    numbers.Clear();
                    texts.Add(Bodies.Text(ref _json));
                    break;
                case JsonTokenType.Null when texts.Count > 0:
                    texts.Add(null);
                    break;
                case JsonTokenType.Null:
                    numbers.Add(double.NaN);
                    break;
                case JsonTokenType.Number when texts.Count == 0 && JsonNumbers.TryRead(ref _json, out double value) && double.IsFinite(value):
                    numbers.Add(value);
                    break;
                case JsonTokenType.True or JsonTokenType.False when texts.Count == 0:
                    flags = true;
                    numbers.Add(_json.TokenType == JsonTokenType.True ? 1 : 0);
                    break;
                default:
                    string what = _json.TokenType switch
                    {
                        JsonTokenType.Number when texts.Count == 0 => "beyond the range of float64",
                        JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False => "no text, as those before it",
                        JsonTokenType.String => "a text, and those before it are numbers",
                        _ => "no value",
                    };
                    throw ProblemException.Content($"Value {numbers.Count + texts.Count} (from 0) of input {input} (from 0) is {what}.");
            }
        }

        return flags;
    }

    private ImmutableArray<long> Shape(int input)
    {
        Expect(JsonTokenType.StartArray, $"The shape of input {input} (from 0) must be a list of whole numbers.");
        var shape = new List<long>();
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            shape.Add(_json.TokenType == JsonTokenType.Number && _json.TryGetInt64(out long length) && length >= 0
                ? length
                : throw ProblemException.Content($"Dimension {shape.Count} (from 0) of input {input} (from 0) is no whole number of 0 or more."));
        }

        return [.. shape];
    }

    private ImmutableArray<WantedOutput> Outputs()
    {
        Expect(JsonTokenType.StartArray, "outputs must be a list of objects with names.");
        var outputs = new List<WantedOutput>();
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            Expect(JsonTokenType.StartObject, $"Output {outputs.Count} (from 0) must be an object with a name.");
            (string? name, bool? binary) = (null, null);
            while (Next(out string? member))
            {
                if (member == "name")
                    name = Text("name");
                else if (member == "parameters")
                    binary = Parameters().Binary;
                else
                    _json.Skip();
            }

            outputs.Add(new WantedOutput(name ?? throw ProblemException.Content($"Output {outputs.Count} (from 0) lacks its name."), binary));
        }

        return [.. outputs];
    }

    /// <summary>Those parameters that the extension for binary tensors knows; others are passed over.</summary>
    private (long? BinarySize, bool? Binary, bool? BinaryOutput) Parameters()
    {
        (long? size, bool? binary, bool? output) = (null, null, null);
        if (_json.TokenType == JsonTokenType.Null)
            return default;
        Expect(JsonTokenType.StartObject, "parameters must be an object.");
        while (Next(out string? member))
        {
            switch (member)
            {
                case "binary_data_size":
                    size = _json.TokenType == JsonTokenType.Number && _json.TryGetInt64(out long length)
                        ? length
                        : throw ProblemException.Content("binary_data_size must be a whole number.");
                    break;
                case "binary_data":
                    binary = Flag(member);
                    break;
                case "binary_data_output":
                    output = Flag(member);
                    break;
                default:
                    _json.Skip();
                    break;
            }
        }

        return (size, binary, output);
    }

    private readonly bool Flag(string what) => _json.TokenType is JsonTokenType.True or JsonTokenType.False
        ? _json.TokenType == JsonTokenType.True
        : throw ProblemException.Content($"{what} must be true or false.");

    private string Text(string what) =>
        _json.TokenType == JsonTokenType.String ? Bodies.Text(ref _json) : throw ProblemException.Content($"{what} must be a text.");

    private readonly void Expect(JsonTokenType type, string otherwise)
    {
        if (_json.TokenType != type)
            throw ProblemException.Content(otherwise);
    }

    /// <summary>Goes to the next member of an object and to its value.</summary>
    private bool Next(out string? member)
    {
        member = null;
        if (!_json.Read() || _json.TokenType == JsonTokenType.EndObject)
            return false;
        member = Bodies.Text(ref _json);
        return _json.Read();
    }
}
