from .frame import head


def parts():
    return [head("factors", "Published numbers")]
