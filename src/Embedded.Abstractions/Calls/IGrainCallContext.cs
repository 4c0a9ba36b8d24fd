using System.Reflection;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;

namespace Orleans
{
    /// <summary>A call on its way, as filters see it.</summary>
    public interface IGrainCallContext
    {
        /// <summary>The method and its arguments.</summary>
        IInvokable Request { get; }

        /// <summary>The grain that is called: the grain object for incoming calls, the reference for outgoing ones.</summary>
        object Grain { get; }

        /// <summary>The calling grain; null when the caller is not a grain.</summary>
        GrainId? SourceId { get; }

        /// <summary>The called grain.</summary>
        GrainId TargetId { get; }

        /// <summary>The full name of the grain interface.</summary>
        string InterfaceName { get; }

        /// <summary>The method's name.</summary>
        string MethodName { get; }

        /// <summary>The method of the grain interface.</summary>
        MethodInfo InterfaceMethod { get; }

        /// <summary>The result, once <see cref="Invoke"/> is done; it may be replaced.</summary>
        object? Result { get; set; }

        /// <summary>Goes on to the next filter or to the grain.</summary>
        Task Invoke();
    }

    /// <summary>A call that has arrived at an activation.</summary>
    public interface IIncomingGrainCallContext : IGrainCallContext
    {
        /// <summary>The activation that runs the call.</summary>
        IGrainContext TargetContext { get; }

        /// <summary>The method of the grain class.</summary>
        MethodInfo ImplementationMethod { get; }
    }

    /// <summary>Runs around every call that arrives at a grain.</summary>
    public interface IIncomingGrainCallFilter
    {
        /// <summary>Runs around one call.</summary>
        /// <param name="context">The call; await its <see cref="IGrainCallContext.Invoke"/> to let it go on.</param>
        Task Invoke(IIncomingGrainCallContext context);
    }

    /// <summary>A filter as a function.</summary>
    /// <param name="context">The call.</param>
    public delegate Task IncomingGrainCallFilterDelegate(IIncomingGrainCallContext context);
}

namespace Orleans.Serialization.Invocation
{
    /// <summary>A method and its arguments.</summary>
    public interface IInvokable
    {
        /// <summary>The number of arguments.</summary>
        int GetArgumentCount();

        /// <summary>An argument.</summary>
        /// <param name="index">Its position from 0.</param>
        object? GetArgument(int index);

        /// <summary>Replaces an argument.</summary>
        /// <param name="index">Its position from 0.</param>
        /// <param name="value">The new value.</param>
        void SetArgument(int index, object value);

        /// <summary>The method's name.</summary>
        string GetMethodName();

        /// <summary>The full name of the grain interface.</summary>
        string GetInterfaceName();

        /// <summary>The method of the grain interface.</summary>
        MethodInfo GetMethod();

        /// <summary>The grain interface.</summary>
        Type GetInterfaceType();
    }
}
