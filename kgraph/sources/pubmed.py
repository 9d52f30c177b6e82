"""PubMed's XML, of articles and of books."""

from xml.etree.ElementTree import Element

from kgraph.sources.document import Document
from kgraph.sources.options import Options
from kgraph.sources.record import Record, Records, mapped
from kgraph.sources.xml_records import elements, root_of, text_of, texts_of

SUFFIXES = ()


def recognises(document: Document) -> bool:
    """Whether its first element is that of PubMed."""
    return root_of(document) in ("PubmedArticleSet", "PubmedArticle", "PubmedBookArticle", "PubmedBookArticleSet")


def read(document: Document, _: Options) -> Records:
    """The articles."""
    return mapped(document, elements(document, "Pubmed(?:Book)?Article"), _record)


def _record(line: int, record: Element) -> Record:
    number = text_of(record, "*/PMID")
    article = record.find("MedlineCitation/Article")
    if article is None:
        article = record.find("BookDocument")
    if article is None:
        return Record(line, None, key=number)
    title = text_of(article, "ArticleTitle") or text_of(article, "VernacularTitle") or text_of(article, "Book/BookTitle")
    return Record(
        line,
        title,
        " ".join(map(_part, article.findall("Abstract/AbstractText"))),
        ids=(f"pmid:{number}", *_identifiers(record, article)),
        authors=tuple(filter(None, map(_name, article.findall("AuthorList/Author")))),
        date=_date(article.find("ArticleDate"))
        or _date(article.find("Journal/JournalIssue/PubDate"))
        or _date(article.find("Book/PubDate")),
        venue=text_of(article, "Journal/Title") or text_of(article, "Book/BookTitle"),
        keywords=(*texts_of(record, "*/KeywordList/Keyword"), *texts_of(record, "*/MeshHeadingList/MeshHeading/DescriptorName")),
        key=number,
    )


def _part(part: Element) -> str:
    """A part of an abstract, with its label if it has one."""
    label = part.get("Label", "")
    return f"{label}: {text_of(part)}" if label and label != "UNLABELLED" else text_of(part)


def _identifiers(record: Element, article: Element) -> list[str]:
    """DOIs of the article itself, not of those it cites."""
    located = [text_of(one) for one in article.findall("ELocationID") if one.get("EIdType") == "doi"]
    listed = [
        text_of(one)
        for path in (
            "PubmedData/ArticleIdList/ArticleId",
            "PubmedBookData/ArticleIdList/ArticleId",
            "BookDocument/ArticleIdList/ArticleId",
        )
        for one in record.findall(path)
        if one.get("IdType") == "doi"
    ]
    return located + listed


def _name(author: Element) -> str:
    names = (text_of(author, "ForeName") or text_of(author, "Initials"), text_of(author, "LastName"), text_of(author, "Suffix"))
    return " ".join(filter(None, names)) or text_of(author, "CollectiveName")


def _date(element: Element | None) -> str:
    if element is None:
        return ""
    year, month, day = (text_of(element, part) for part in ("Year", "Month", "Day"))
    if not year:
        return text_of(element, "MedlineDate")
    return f"{year}-{month.zfill(2)}-{day.zfill(2)}" if month.isdigit() and day else " ".join(filter(None, (year, month, day)))
