"""Small transformer models with random weights, made and saved through the real libraries."""

from pathlib import Path

WORDS = "query passage : the a of in peace war city river what who where ما هي مدينة نهر سلام la"
MAX_TOKENS = 16


def save_tiny_model(folder: Path, *, prompts: dict[str, str] | None = None, seed: int = 0) -> Path:
    """A one-layer BERT over letters and a few words, as a sentence-transformers folder."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    letters = [chr(c) for c in (*range(33, 127), *range(0x621, 0x64B))]
    pieces = list(dict.fromkeys([*special, *letters, *(f"##{c}" for c in letters), *WORDS.split()]))
    vocabulary = {piece: i for i, piece in enumerate(pieces)}
    tokenizer = Tokenizer(
        models.WordPiece(vocabulary, unk_token="[UNK]", max_input_chars_per_word=50)
    )
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    wrapped = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        model_max_length=MAX_TOKENS,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
    )
    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
        initializer_range=0.5,
    )
    bare = folder.parent / f"{folder.name}-bare"
    BertModel(config).save_pretrained(bare)
    wrapped.save_pretrained(bare)
    transformer = Transformer(str(bare), max_seq_length=MAX_TOKENS)
    model = SentenceTransformer(
        modules=[transformer, Pooling(32, "mean")], prompts=prompts, device="cpu"
    )
    model.save(str(folder))
    return folder


def save_tiny_writer(folder: Path, *, seed: int = 0) -> Path:
    """A one-layer Llama over letters, with random weights and a chat template: it writes noise."""
    import torch
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    special = ["<pad>", "<unk>", "<s>", "</s>"]
    letters = [chr(c) for c in (*range(32, 127), *range(0x621, 0x64B), *range(0xE0, 0xFC))]
    pieces = [*special, "\n", *letters, "؟", "،", *(f"[{n}]" for n in range(1, 9)), *WORDS.split()]
    vocabulary = {piece: i for i, piece in enumerate(dict.fromkeys(pieces))}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"."), behavior="isolated")
    tokenizer.decoder = decoders.Fuse()
    wrapped = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="<pad>",
        unk_token="<unk>",
        bos_token="<s>",
        eos_token="</s>",
    )
    wrapped.chat_template = "{% for m in messages %}{{ m['content'] }}\n{% endfor %}"
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=1,
        num_attention_heads=2,
        max_position_embeddings=16_384,
        initializer_range=1.0,
        bos_token_id=vocabulary["<s>"],
        eos_token_id=vocabulary["</s>"],
        pad_token_id=vocabulary["<pad>"],
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    wrapped.save_pretrained(folder)
    return folder
