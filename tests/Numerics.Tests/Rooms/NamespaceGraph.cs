using System.Reflection;
using System.Reflection.Emit;

namespace OrleansCluster.Numerics.Tests.Rooms;

/// <summary>Which namespaces of an assembly need which others: by base types, members, locals and the code of every method.</summary>
internal sealed class NamespaceGraph
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    private readonly Assembly _assembly;
    private readonly SortedDictionary<string, SortedDictionary<string, string>> _needs = new(StringComparer.Ordinal);

    public NamespaceGraph(Assembly assembly)
    {
        _assembly = assembly;
        foreach (Type type in assembly.GetTypes().Where(type => RoomOf(type) is not null))
            AddType(type);
    }

    /// <summary>Namespaces with those that they need, and a type that needs one.</summary>
    public IReadOnlyDictionary<string, SortedDictionary<string, string>> Needs => _needs;

    /// <summary>A way from a namespace back to itself, as "A → B (by the type) → A"; null when there is none.</summary>
    public string? Circle()
    {
        var done = new HashSet<string>();
        var way = new List<string>();
        return _needs.Keys.Select(Visit).FirstOrDefault(circle => circle is not null);

        string? Visit(string room)
        {
            int at = way.IndexOf(room);
            if (at >= 0)
                return string.Join(" → ", way.Skip(at).Zip(way.Skip(at + 1).Append(room), (from, to) => $"{from} (by {_needs[from][to]})")) + $" → {room}";
            if (!done.Add(room))
                return null;
            way.Add(room);
            string? circle = _needs.TryGetValue(room, out SortedDictionary<string, string>? others)
                ? others.Keys.Select(Visit).FirstOrDefault(found => found is not null) : null;
            way.RemoveAt(way.Count - 1);
            return circle;
        }
    }

    private string? RoomOf(Type type)
        => type.Assembly == _assembly && type.Namespace is { } room && room.StartsWith("OrleansCluster", StringComparison.Ordinal) ? room : null;

    private void AddType(Type type)
    {
        Add(type, type.BaseType);
        foreach (Type one in type.GetInterfaces()
            .Concat(type.IsGenericTypeDefinition ? type.GetGenericArguments().SelectMany(argument => argument.GetGenericParameterConstraints()) : []))
            Add(type, one);
        foreach (FieldInfo field in type.GetFields(All))
            Add(type, field.FieldType);
        foreach (MethodBase method in type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All)))
            AddMethod(type, method);
    }

    private void AddMethod(Type type, MethodBase method)
    {
        Add(type, (method as MethodInfo)?.ReturnType);
        foreach (ParameterInfo parameter in method.GetParameters())
            Add(type, parameter.ParameterType);
        if (method.GetMethodBody() is not { } body)
            return;
        foreach (LocalVariableInfo local in body.LocalVariables)
            Add(type, local.LocalType);
        Type[] ofType = type.IsGenericType ? type.GetGenericArguments() : [], ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : [];
        foreach (int token in Tokens(body.GetILAsByteArray()!))
        {
            MemberInfo member = method.Module.ResolveMember(token, ofType, ofMethod)!;
            Add(type, member as Type ?? member.DeclaringType);
            if (member is FieldInfo field)
                Add(type, field.FieldType);
            if (member is MethodInfo { IsGenericMethod: true } call)
            {
                foreach (Type argument in call.GetGenericArguments())
                    Add(type, argument);
            }
        }
    }

    /// <summary>The types, fields and methods that instructions name.</summary>
    private static IEnumerable<int> Tokens(byte[] code)
    {
        for (int at = 0; at < code.Length;)
        {
            OpCode one = code[at] == 0xFE ? Codes[(short)(0xFE00 | code[at + 1])] : Codes[code[at]];
            at += one.Size;
            switch (one.OperandType)
            {
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType:
                    yield return BitConverter.ToInt32(code, at);
                    at += 4;
                    break;
                case OperandType.InlineSwitch:
                    at += 4 + (4 * BitConverter.ToInt32(code, at));
                    break;
                case OperandType.InlineI8 or OperandType.InlineR:
                    at += 8;
                    break;
                case OperandType.InlineVar:
                    at += 2;
                    break;
                case OperandType.InlineNone:
                    break;
                default:
                    at += one.OperandType is OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar ? 1 : 4;
                    break;
            }
        }
    }

    private void Add(Type from, Type? to)
    {
        while (to is { HasElementType: true })
            to = to.GetElementType();
        if (to is null || to.IsGenericParameter)
            return;
        if (to.IsGenericType)
        {
            foreach (Type argument in to.GetGenericArguments().Where(argument => argument != from))
                Add(from, argument);
        }

        (string room, string? other) = (RoomOf(from)!, RoomOf(to));
        if (other is null || other == room)
            return;
        if (!_needs.TryGetValue(room, out SortedDictionary<string, string>? others))
            _needs[room] = others = new SortedDictionary<string, string>(StringComparer.Ordinal);
        others.TryAdd(other, from.Name);
    }
}
