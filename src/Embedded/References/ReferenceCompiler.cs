using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>
/// Compiles, when an interface is first used, a class derived from <see cref="Reference"/> that implements it: each method packs its arguments into a call and sends it.
/// </summary>
internal static class ReferenceCompiler
{
    private static readonly Type[] s_parameters = [typeof(Silo), typeof(GrainClass), typeof(GrainId)];
    private static readonly ConcurrentDictionary<Type, Lazy<Func<Silo, GrainClass, GrainId, Reference>>> s_compiled = new();
    private static readonly Lock s_lock = new();

    /// <summary>Compiles the reference class of an interface.</summary>
    /// <exception cref="NotSupportedException">A member of the interface is not a method that returns a task.</exception>
    public static Func<Silo, GrainClass, GrainId, Reference> Compile(Type interfaceType) =>
        s_compiled.GetOrAdd(interfaceType, static type => new(() => Emit(type))).Value;

    private static Func<Silo, GrainClass, GrainId, Reference> Emit(Type interfaceType)
    {
        if (!interfaceType.IsInterface || !typeof(IAddressable).IsAssignableFrom(interfaceType))
            throw new ArgumentException($"{interfaceType} is not a grain interface.", nameof(interfaceType));
        // Type builders of one module are not thread-safe.
        lock (s_lock)
        {
            var module = DynamicCode.Module;
            Type[] all = [interfaceType, .. interfaceType.GetInterfaces()];
            foreach (var type in all)
                DynamicCode.Access(type);
            var builder = module.DefineType(DynamicCode.UniqueName($"{interfaceType.Name}Reference"), TypeAttributes.Class | TypeAttributes.Sealed, typeof(Reference), [interfaceType]);
            EmitConstructor(builder);
            foreach (var declaring in all)
            {
                foreach (var method in declaring.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Where(m => m.IsAbstract))
                    EmitMethod(builder, declaring, method);
            }

            var made = builder.CreateType();
            var constructor = made.GetConstructor(s_parameters)!;
            var factory = new DynamicMethod("Make", typeof(Reference), s_parameters, made, skipVisibility: true);
            var il = factory.GetILGenerator();
            for (var i = 0; i < s_parameters.Length; i++)
                il.Emit(OpCodes.Ldarg, i);
            il.Emit(OpCodes.Newobj, constructor);
            il.Emit(OpCodes.Ret);
            return factory.CreateDelegate<Func<Silo, GrainClass, GrainId, Reference>>();
        }
    }

    private static void EmitConstructor(TypeBuilder builder)
    {
        var il = builder.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, s_parameters).GetILGenerator();
        for (var i = 0; i <= s_parameters.Length; i++)
            il.Emit(OpCodes.Ldarg, i);
        il.Emit(OpCodes.Call, typeof(Reference).GetConstructor(s_parameters)!);
        il.Emit(OpCodes.Ret);
    }

    /// <summary>new Call { _0 = arg0, … , CallerToken = token }, then Send.</summary>
    private static void EmitMethod(TypeBuilder builder, Type declaring, MethodInfo method)
    {
        var call = CallCompiler.Compile(declaring, method);
        var parameters = method.GetParameters();
        var implementation = builder.DefineMethod(
            $"{declaring.FullName}.{method.Name}",
            MethodAttributes.Private | MethodAttributes.Virtual | MethodAttributes.Final | MethodAttributes.NewSlot | MethodAttributes.HideBySig,
            method.ReturnType,
            Array.ConvertAll(parameters, p => p.ParameterType));
        var il = implementation.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Newobj, call.Type.GetConstructor(Type.EmptyTypes)!);
        for (var i = 0; i < parameters.Length; i++)
        {
            il.Emit(OpCodes.Dup);
            il.Emit(OpCodes.Ldarg, i + 1);
            if (call.Fields[i] is { } field)
                il.Emit(OpCodes.Stfld, field);
            else
                il.Emit(OpCodes.Call, DynamicCode.CallerTokenSetter);
        }

        il.Emit(OpCodes.Call, call.Send);
        if (call.ToValueTask is { } wrap)
            il.Emit(OpCodes.Newobj, wrap);
        il.Emit(OpCodes.Ret);
        builder.DefineMethodOverride(implementation, method);
    }
}
