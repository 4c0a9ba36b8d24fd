using System.Reflection;
using System.Reflection.Emit;

namespace Orleans.Embedded;

/// <summary>A generated class for the calls of one method: a field per argument, except the token, and how to send it.</summary>
/// <param name="Type">The class.</param>
/// <param name="Fields">The fields in the order of the arguments; null stands for the token.</param>
/// <param name="Send">The method of <see cref="Reference"/> that sends it.</param>
/// <param name="ToValueTask">The constructor that makes a ValueTask of the promise; null where a Task is returned.</param>
internal sealed record CompiledCall(Type Type, FieldInfo?[] Fields, MethodInfo Send, ConstructorInfo? ToValueTask);

/// <summary>Compiles the class for the calls of one method of a grain interface.</summary>
internal static class CallCompiler
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic;
    private static readonly MethodInfo s_sendVoid = typeof(Reference).GetMethods(Hidden).Single(m => m is { Name: "Send", IsGenericMethod: false });
    private static readonly MethodInfo s_sendResult = typeof(Reference).GetMethods(Hidden).Single(m => m is { Name: "Send", IsGenericMethod: true });

    public static CompiledCall Compile(Type interfaceType, MethodInfo method)
    {
        if (method.IsGenericMethod || method.IsSpecialName)
            throw Unsupported(interfaceType, method, "grain interfaces have plain methods only");
        var (result, isValueTask) = Result(interfaceType, method);
        var baseType = result is null ? typeof(VoidCall) : typeof(Call<>).MakeGenericType(result);
        var parameters = method.GetParameters();
        foreach (var type in parameters.Select(p => p.ParameterType).Append(method.ReturnType))
        {
            if (type.IsByRef || type.IsPointer)
                throw Unsupported(interfaceType, method, "arguments are passed by value only");
            DynamicCode.Access(type);
        }

        var builder = DynamicCode.Module.DefineType(DynamicCode.UniqueName($"{interfaceType.Name}.{method.Name}Call"), TypeAttributes.Class | TypeAttributes.Sealed, baseType);
        var descriptor = builder.DefineField("Descriptor", typeof(CallMethod), FieldAttributes.Public | FieldAttributes.Static);
        var arguments = builder.DefineField("Arguments", typeof(FieldInfo[]), FieldAttributes.Public | FieldAttributes.Static);
        var fields = parameters.Select((p, i) => p.ParameterType == typeof(CancellationToken)
            ? null
            : builder.DefineField($"_{i}", p.ParameterType, FieldAttributes.Public)).ToArray();
        builder.DefineDefaultConstructor(MethodAttributes.Public);
        EmitMethodGetter(builder, descriptor);
        EmitArgumentFieldsGetter(builder, arguments);
        EmitInvoke(builder, baseType, interfaceType, method, fields, result, isValueTask);

        var made = builder.CreateType();
        var madeFields = Array.ConvertAll(fields, f => f is null ? null : made.GetField(f.Name));
        made.GetField("Descriptor")!.SetValue(null, new CallMethod(interfaceType, method));
        made.GetField("Arguments")!.SetValue(null, madeFields.Where(f => f is not null).ToArray());
        return new CompiledCall(
            made,
            madeFields,
            result is null ? s_sendVoid : s_sendResult.MakeGenericMethod(result),
            isValueTask ? ValueTaskOf(result) : null);
    }

    private static (Type? Result, bool IsValueTask) Result(Type interfaceType, MethodInfo method)
    {
        var type = method.ReturnType;
        if (type == typeof(Task) || type == typeof(ValueTask))
            return (null, type == typeof(ValueTask));
        if (type.IsGenericType && type.GetGenericTypeDefinition() is var definition && (definition == typeof(Task<>) || definition == typeof(ValueTask<>)))
            return (type.GenericTypeArguments[0], definition == typeof(ValueTask<>));
        throw Unsupported(interfaceType, method, "a grain method returns Task, Task<T>, ValueTask or ValueTask<T>");
    }

    private static ConstructorInfo ValueTaskOf(Type? result) => result is null
        ? typeof(ValueTask).GetConstructor([typeof(Task)])!
        : typeof(ValueTask<>).MakeGenericType(result).GetConstructor([typeof(Task<>).MakeGenericType(result)])!;

    private static void EmitMethodGetter(TypeBuilder builder, FieldBuilder descriptor)
    {
        var getter = typeof(Call).GetProperty(nameof(Call.Method), Hidden)!.GetMethod!;
        var il = Override(builder, getter);
        il.Emit(OpCodes.Ldsfld, descriptor);
        il.Emit(OpCodes.Ret);
    }

    private static void EmitArgumentFieldsGetter(TypeBuilder builder, FieldBuilder arguments)
    {
        var getter = typeof(Call).GetProperty(nameof(Call.ArgumentFields), Hidden)!.GetMethod!;
        var il = Override(builder, getter);
        il.Emit(OpCodes.Ldsfld, arguments);
        il.Emit(OpCodes.Newobj, typeof(ReadOnlySpan<FieldInfo>).GetConstructor([typeof(FieldInfo[])])!);
        il.Emit(OpCodes.Ret);
    }

    /// <summary>((I)grain).M(_0, …, CalleeToken), as a ValueTask.</summary>
    private static void EmitInvoke(TypeBuilder builder, Type baseType, Type interfaceType, MethodInfo method, FieldBuilder?[] fields, Type? result, bool isValueTask)
    {
        var il = Override(builder, baseType.GetMethod("Invoke", Hidden)!);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Castclass, interfaceType);
        foreach (var field in fields)
        {
            il.Emit(OpCodes.Ldarg_0);
            if (field is not null)
                il.Emit(OpCodes.Ldfld, field);
            else
                il.Emit(OpCodes.Call, DynamicCode.CalleeTokenGetter);
        }

        il.Emit(OpCodes.Callvirt, method);
        if (!isValueTask)
            il.Emit(OpCodes.Newobj, ValueTaskOf(result));
        il.Emit(OpCodes.Ret);
    }

    private static ILGenerator Override(TypeBuilder builder, MethodInfo inherited)
    {
        var access = inherited.Attributes & MethodAttributes.MemberAccessMask;
        var method = builder.DefineMethod(
            inherited.Name,
            access | MethodAttributes.Virtual | MethodAttributes.HideBySig | (inherited.Attributes & MethodAttributes.SpecialName),
            inherited.ReturnType,
            Array.ConvertAll(inherited.GetParameters(), p => p.ParameterType));
        builder.DefineMethodOverride(method, inherited);
        return method.GetILGenerator();
    }

    private static NotSupportedException Unsupported(Type interfaceType, MethodInfo method, string rule) =>
        new($"{interfaceType}.{method.Name} cannot be called on a grain: {rule}.");
}
