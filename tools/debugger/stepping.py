"""What `step` does not enter: the standard library, and the small functions that every op calls
before it gets to its subject. In the form that POSIX's extended expressions and Python's share."""
NOT_ENTERED = (
    "^((std|__gnu_cxx|__cxxabiv1)::|operator (new|delete)"
    "|cairn::(f32::|f64::)?(At|Axes|Contiguous|Saved|Shape|Storage|TensorImpl|Where)::"
    "|cairn::(f32::|f64::)?Tensor::(~?Tensor|operator.*|axes|check_contiguous|check_in_place|data"
    "|defined|detach|empty|full|handle|impl|is_contiguous|is_leaf|item|numel|of|ones|requires_grad"
    "|scalar|shape|size|strided_data|strided_write|strides|to_vector|write|zeros)($|[(])"
    "|cairn::(f32::|f64::)?(alias|broadcast|broadcast_strides|check_shape|contiguous_strides"
    "|copy_numbers|kernels|normal_axis|normal_index|numel|resolved|slice_bound)($|[(]))")
