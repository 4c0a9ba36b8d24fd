namespace OrleansCluster.Datasets;

/// <summary>
/// Whether bytes are one structure of Thrift's compact protocol, from the first to the last: a damaged footer is so found before the library reads it, which
/// may not end where the bytes do.
/// </summary>
internal ref struct ThriftCheck
{
    private const int Deepest = 32;

    private readonly ReadOnlySpan<byte> _bytes;
    private int _at;

    private ThriftCheck(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public static bool IsStructure(ReadOnlySpan<byte> bytes)
    {
        var check = new ThriftCheck(bytes);
        return check.Structure(0) && check._at == bytes.Length;
    }

    private bool Structure(int depth)
    {
        while (depth < Deepest && TryByte(out byte head))
        {
            if (head == 0)
                return true;
            // A field's number is told by its distance from the one before, or in full.
            int type = head & 15;
            if ((head >> 4 == 0 && !TryNumber(out _)) || !Value(type, depth, inList: false))
                return false;
        }

        return false;
    }

    private bool Value(int type, int depth, bool inList)
    {
        switch (type)
        {
            case 1 or 2:
                return !inList || TryByte(out _);
            case 3:
                return TryByte(out _);
            case 4 or 5 or 6:
                return TryNumber(out _);
            case 7:
                return Skip(sizeof(double));
            case 8:
                return TryNumber(out ulong length) && Skip(length);
            case 9 or 10:
                return List(depth);
            case 12:
                return Structure(depth + 1);
            default:
                // Maps and uuids are in no part of a footer.
                return false;
        }
    }

    private bool List(int depth)
    {
        if (depth >= Deepest || !TryByte(out byte head))
            return false;
        ulong count = (ulong)(head >> 4);
        if (count == 15 && !TryNumber(out count))
            return false;
        // Every element takes a byte at least.
        if (count > (ulong)(_bytes.Length - _at))
            return false;
        for (ulong i = 0; i < count; i++)
        {
            if (!Value(head & 15, depth, inList: true))
                return false;
        }

        return true;
    }

    private bool Skip(ulong length)
    {
        if (length > (ulong)(_bytes.Length - _at))
            return false;
        _at += (int)length;
        return true;
    }

    private bool TryByte(out byte value)
    {
        value = _at < _bytes.Length ? _bytes[_at] : (byte)0;
        return _at++ < _bytes.Length;
    }

    private bool TryNumber(out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 64 && TryByte(out byte part); shift += 7)
        {
            value |= (ulong)(part & 127) << shift;
            if (part < 128)
                return true;
        }

        return false;
    }
}
