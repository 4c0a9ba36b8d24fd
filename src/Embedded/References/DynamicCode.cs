using System.Reflection;
using System.Reflection.Emit;

namespace Orleans.Embedded;

/// <summary>The assembly that holds generated references and calls. It may use internal types of the assemblies it is told of, as code generated at compile time could.</summary>
internal static class DynamicCode
{
    public static readonly MethodInfo CallerTokenSetter = typeof(Call).GetProperty(nameof(Call.CallerToken), BindingFlags.Instance | BindingFlags.NonPublic)!.SetMethod!;
    public static readonly MethodInfo CalleeTokenGetter = typeof(Call).GetProperty(nameof(Call.CalleeToken), BindingFlags.Instance | BindingFlags.NonPublic)!.GetMethod!;

    private static readonly AssemblyBuilder s_assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Orleans.Embedded.Generated"), AssemblyBuilderAccess.Run);
    private static readonly ConstructorInfo s_ignoresAccessChecks;
    private static readonly HashSet<string> s_accessible = [];
    private static int s_count;

    static DynamicCode()
    {
        Module = s_assembly.DefineDynamicModule("Orleans.Embedded.Generated");
        s_ignoresAccessChecks = DefineIgnoresAccessChecks();
        Access(typeof(DynamicCode));
        Access(typeof(Grain));
    }

    public static ModuleBuilder Module { get; }

    /// <summary>Lets generated code use a type, and the types it is made of, even if they are internal.</summary>
    public static void Access(Type type)
    {
        foreach (var argument in type.GenericTypeArguments)
            Access(argument);
        if (type.HasElementType)
            Access(type.GetElementType()!);
        if (type.Assembly.GetName().Name is { } name && s_accessible.Add(name))
            s_assembly.SetCustomAttribute(new CustomAttributeBuilder(s_ignoresAccessChecks, [name]));
    }

    public static string UniqueName(string name) => $"{name}_{Interlocked.Increment(ref s_count)}";

    /// <summary>The runtime knows this attribute by its name; no library declares it.</summary>
    private static ConstructorInfo DefineIgnoresAccessChecks()
    {
        var builder = Module.DefineType("System.Runtime.CompilerServices.IgnoresAccessChecksToAttribute", TypeAttributes.Class | TypeAttributes.Public, typeof(Attribute));
        var constructor = builder.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, [typeof(string)]);
        var il = constructor.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Call, typeof(Attribute).GetConstructor(BindingFlags.Instance | BindingFlags.NonPublic, Type.EmptyTypes)!);
        il.Emit(OpCodes.Ret);
        return builder.CreateType().GetConstructor([typeof(string)])!;
    }
}
