namespace OrleansCluster.Numerics.Simd;

/// <summary>Memory that stays where it is, on a 64-byte boundary; freed with its owner. Grows, never shrinks.</summary>
/// <remarks>Whoever works with <see cref="Pointer"/> keeps the buffer reachable until done.</remarks>
internal sealed unsafe class AlignedBuffer<T>
    where T : unmanaged
{
    private const int Alignment = 64;

    private T[] _array = [];

    /// <summary>First element; null while nothing was asked for.</summary>
    public T* Pointer { get; private set; }

    public int Length { get; private set; }

    public Span<T> Span => new(Pointer, Length);

    /// <summary>Makes room for <paramref name="length"/> elements; the content is undefined when the room had to grow.</summary>
    public T* Reserve(int length)
    {
        Length = length;
        int slack = Alignment / sizeof(T);
        if (Pointer == null || length + slack > _array.Length)
        {
            _array = GC.AllocateUninitializedArray<T>(checked(length + slack), pinned: true);
            fixed (T* start = _array)
                Pointer = (T*)(((nuint)start + Alignment - 1) & ~(nuint)(Alignment - 1));
        }

        return Pointer;
    }
}
